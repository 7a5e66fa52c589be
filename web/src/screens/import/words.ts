/** What the server's names of an import mean to a person. */
import { type Key, lang, t } from "../../i18n";
import { field } from "../../i18n/words";
import type { Finding, Options, Preview, Row, Zone } from "./types";

/** What a column may hold, in words: a property of the layer, or one of the server's own. */
export function targetTitle(layer: string, target: string): string {
  if (target.startsWith("@")) return t(`import.target.${target.slice(1)}` as Key);
  return field(layer, target)?.[`title_${lang.value}`] ?? target;
}

export const zoneTitle = (zone: Zone): string => zone[lang.value];

export const reason = (finding: Finding): string => finding[`text_${lang.value}`];

/** Where a finding is: column and header, or nothing where it is of the row. */
export function where({ column, header }: Finding): string {
  return [column, header].filter(Boolean).join(" · ");
}

/** Where the coordinate system comes from. */
export function zoneReason({ zones, systems, fits }: Preview): string {
  const [system] = systems;
  if (!system) return t("import.crs.none");
  const zone = zones.find(({ crs }) => crs === system.crs);
  const name = zone ? zoneTitle(zone) : system.crs;
  const fit = fits.find(({ crs }) => crs === system.crs);
  const said = t(`import.crs.by.${system.by}` as Key, { name });
  return fit ? `${said} ${t("import.crs.fit", { n: Math.round(fit.share * 100) })}` : said;
}

/** The constants that most sheets of a layer lack. */
export const USUAL: Record<string, string[]> = { markers: ["border"], positions: ["border"] };

/** Names of the constants that are offered: the usual ones, and those that are set. */
export function constantsOf({ layer, constants }: Options): string[] {
  return [...new Set([...(USUAL[layer] ?? []), ...Object.keys(constants)])];
}

/** How many errors forbid to write: rows that have some, and those of the sheet. */
export function wrongIn({ counts, findings }: Preview): number {
  return (counts.error ?? 0) + findings.filter(({ level }) => level === "error").length;
}

const MADE_UP = /^n[0-9a-f]{24}$/; // an identifier that a new row would get

export function rowLabel({ label, id }: Row): string {
  return label ?? (id && !MADE_UP.test(id) ? id : "–");
}
