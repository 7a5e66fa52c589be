/** What the partner screens work out of the API's answers. Pure functions. */
import type { Face, Feature, Partner, PartnerSummary, Properties } from "../../api/types";
import { named } from "../../i18n/words";
import { fold } from "../../state/fold";
import { tallyBy } from "../../state/tally";
import { text, texts } from "../page/format";

export const COUNTRIES = ["la", "kh", "cn", "th", "mm"] as const; // in the order of the list
export type Country = (typeof COUNTRIES)[number];

const SCRIPTS: Record<string, string> = { la: "lo", kh: "km", th: "th", cn: "zh", mm: "my" };

export function countryOf(value: string): Country | null {
  const code = value.toLowerCase();
  return COUNTRIES.find((one) => one === code) ?? null;
}

/** Language tag of a country's own names. */
export function scriptOf(country: string): string | undefined {
  return SCRIPTS[country.toLowerCase()];
}

const HOME = "vn";

function isHome(face: Face): boolean {
  return face.country?.toLowerCase() === HOME || face.id.startsWith(`${HOME}.`);
}

/** The Vietnamese provinces that a partner borders. */
export function homeFaces(faces: readonly Face[]): Face[] {
  return faces.filter(isHome);
}

/** The other foreign provinces that it borders. */
export function otherFaces(faces: readonly Face[]): Face[] {
  return faces.filter((face) => !isHome(face));
}

function wordsOf(partner: PartnerSummary): string {
  const own = [partner.code, partner.name_vi, partner.name_en, partner.name_local ?? ""];
  const faces = partner.faces.flatMap((face) => [face.name_vi, face.name_en]);
  return fold([...own, ...faces].join(" "));
}

/** The partners in whose names, code or facing provinces every word of `q` is found. */
export function found(partners: readonly PartnerSummary[], q: string): PartnerSummary[] {
  const wanted = fold(q).split(/\s+/).filter(Boolean);
  return partners.filter((partner) => wanted.every((word) => wordsOf(partner).includes(word)));
}

export interface CountryGroup {
  country: Country;
  partners: PartnerSummary[];
}

/** By country in the order of `COUNTRIES`; those that face Vietnam first, then by name. */
export function byCountry(partners: readonly PartnerSummary[]): CountryGroup[] {
  const groups = COUNTRIES.map((country) => ({
    country,
    partners: partners.filter((partner) => countryOf(partner.country) === country).sort(inOrder),
  }));
  return groups.filter((group) => group.partners.length > 0);
}

function inOrder(a: PartnerSummary, b: PartnerSummary): number {
  const facing = (partner: PartnerSummary) => Number(homeFaces(partner.faces).length > 0);
  return facing(b) - facing(a) || named(a).localeCompare(named(b), "vi");
}

export interface Totals {
  border_km: number | null; // null where no stretch has a length
  gates: Record<string, number>; // by class
  projects: Record<string, number>; // by kind of finance
}

export function totalsOf(partner: Partner): Totals {
  const lengths = partner.borders.features
    .map(({ properties }) => properties.length_km)
    .filter((km): km is number => typeof km === "number");
  return {
    border_km: lengths.length ? lengths.reduce((sum, km) => sum + km, 0) : null,
    gates: tallyBy(partner.gates.features, "gate_class"),
    projects: tallyBy(partner.projects.features, "finance_kind"),
  };
}

/** Agreements with what was promised in them; promises of no agreement come under null. */
export function withCommitments(
  agreements: readonly Properties[],
  commitments: readonly Properties[],
): { agreement: Properties | null; commitments: Properties[] }[] {
  const known = new Set(agreements.map((row) => text(row.id)));
  const groups: { agreement: Properties | null; commitments: Properties[] }[] = agreements.map(
    (agreement) => ({
      agreement,
      commitments: commitments.filter((row) => text(row.agreement_id) === text(agreement.id)),
    }),
  );
  const loose = commitments.filter((row) => !known.has(text(row.agreement_id)));
  return loose.length ? [...groups, { agreement: null, commitments: loose }] : groups;
}

function sameFigure(row: Properties): string {
  return JSON.stringify([row.name_vi, row.province_id, texts(row.unit_ids), row.unit, row.period]);
}

/** Ids of the figures that state different values of the same thing for the same period. */
export function contradicting(indicators: readonly Properties[]): Set<string> {
  const values = new Map<string, Set<string>>();
  const stated = (row: Properties) => text(row.value ?? row.value_text);
  for (const row of indicators) {
    const key = sameFigure(row);
    values.set(key, (values.get(key) ?? new Set()).add(stated(row)));
  }
  const doubtful = indicators.filter((row) => (values.get(sameFigure(row))?.size ?? 0) > 1);
  return new Set(doubtful.map((row) => text(row.id)));
}

function byStart(features: readonly Feature[]): Feature[] {
  const start = (feature: Feature) => text(feature.properties.valid_from);
  return [...features].sort((a, b) => start(a).localeCompare(start(b)));
}

function sameClass(a: Feature, b: Feature): boolean {
  const names = ["gate_class", "valid_from", "valid_to"];
  return names.every((name) => a.properties[name] === b.properties[name]);
}

/** One entry for each class that a gate had: a new province alone makes no new entry. */
export function classPeriods(versions: readonly Feature[]): Feature[] {
  const sorted = byStart(versions);
  return sorted.filter((version, i) => i === 0 || !sameClass(version, sorted[i - 1] as Feature));
}

/** Versions of each row by id, oldest first. */
export function versionsById(features: readonly Feature[]): Map<string, Feature[]> {
  const groups = new Map<string, Feature[]>();
  for (const feature of byStart(features)) {
    groups.set(feature.id, [...(groups.get(feature.id) ?? []), feature]);
  }
  return groups;
}

/** Newest first by the first date that a row states. */
export function newestFirst(rows: readonly Properties[], property: string): Properties[] {
  return [...rows].sort((a, b) => text(b[property]).localeCompare(text(a[property])));
}

/** The code to paste into another site. */
export function embedCode(origin: string, code: string, lang: string, title: string): string {
  const src = `${origin}/partners/${encodeURIComponent(code)}/embed?lang=${lang}`;
  const safe = title.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${src}" title="${safe}" width="480" height="560" loading="lazy" style="border:0"></iframe>`;
}
