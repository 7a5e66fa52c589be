/** An entry of the log of reads as a sentence. */
import { type Key, lang, t } from "../../i18n";
import { date } from "../../i18n/format";
import { field, label, layer, layerTitle } from "../../i18n/words";
import { borderText, markerNumber } from "../page/format";
import { pageOf } from "../page/pages";

export interface LoggedRead {
  id: number;
  at: string; // ISO 8601, UTC
  name: string;
  via: string;
  what: string; // such as `read /api/collections/markers/items`
  filter: string; // the query of the address
  rows: number | null;
  title: { vi: string; en: string } | null; // of the row that was read, while it is there
}

const FORMATS: Record<string, string> = {
  geojson: "GeoJSON",
  geojsonseq: "GeoJSON (RFC 8142)",
  xlsx: "Excel",
  gpkg: "GeoPackage",
  fgb: "FlatGeobuf",
  parquet: "GeoParquet",
  shp: "Shapefile",
}; // others by their letters

/** Addresses without a row: the words of each; what stands in () is a layer. */
const PLACES: [RegExp, Key][] = [
  [/^\/collections\/([^/]+)\/items$/, "read.items"],
  [/^\/collections\/([^/]+)\/counts$/, "read.counts"],
  [/^\/collections\/([^/]+)\/tiles\b/, "read.tiles"],
  [/^\/history\/layers\/([^/]+)$/, "read.recorded"],
  [/^\/tiles\b/, "read.map"],
  [/^\/history\b/, "read.changes"],
  [/^\/progress$/, "read.progress"],
  [/^\/partners\b/, "read.partners"],
  [/^\/corridors\b/, "read.corridors"],
  [/^\/proposals\b/, "read.proposals"],
  [/^\/imports\b/, "read.imports"],
  [/^\/jobs\b/, "read.jobs"],
  [/^\/evidence\b/, "read.evidence"],
  [/^\/(admin|links)\b/, "read.people"],
  [/^\/(account|session)\b/, "read.account"],
  [/^\/audit\b/, "read.audit"],
  [
    /^(\/(collections|collections\/[^/]+(\/(schema|queryables))?|conformance|docs|api.*|.*info))?$/,
    "read.about",
  ],
];
const ROW = /^\/collections\/([^/]+)\/items\/([^/]+)(\/history)?$/;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

export interface Told {
  before: string; // the name
  name: string;
  after: string;
  link: string | null; // of the name
}

/** A sentence with {name} in it, its name apart so that it can be a link. */
function told(key: Key, name: string, link: string | null = null, form = ""): Told {
  const [before = "", after = ""] = t(key, { form }).split("{name}");
  return { before, name: before === t(key, { form }) ? "" : name, after, link };
}

function ofRow(read: LoggedRead, of: string, key: string, history: boolean): Told {
  const id = decoded(key);
  const no = markerNumber(id);
  const known = read.title?.[lang.value] ?? (no ? t("marker.title", { no }) : id);
  const kind = of === "markers" || !layer(of) ? "" : ` (${layerTitle(of)})`;
  const link = read.title ? pageOf(of, id) : null;
  return told(history ? "read.versions" : "read.item", known + kind, link);
}

function exported(path: string, asked: URLSearchParams): Told {
  const name = asked.get("f") ?? "geojson";
  const form = FORMATS[name] ?? name.toUpperCase();
  const of = /^\/collections\/([^/]+)/.exec(path)?.[1] ?? asked.get("layer") ?? "";
  const key = path.startsWith("/jobs") ? "read.job_file" : "read.exported";
  const file = key === "read.job_file" ? `${layerTitle(of)}, ${form}` : layerTitle(of);
  return told(key, file, null, form);
}

/** What was done: what was looked at, or taken away, or that a part of the log begins or ends. */
export function sentence(read: LoggedRead): Told {
  if (read.what === "log begun") return told("audit.log_begun", "");
  if (read.what === "log ended") return told("audit.log_ended", "");
  const [, did, path = ""] = /^(\w+) \/api(.*)$/.exec(read.what) ?? [];
  const asked = new URLSearchParams(read.filter);
  if (did === "export") return exported(path, asked);
  if (path === "/search") return told("read.search", asked.get("q") ?? "");
  const [, of, id, history] = ROW.exec(path) ?? [];
  if (of && id) return ofRow(read, of, id, Boolean(history));
  for (const [pattern, key] of PLACES) {
    const found = pattern.exec(path);
    if (found) return told(key, layerTitle(found[1] ?? ""));
  }
  return told("read.other", path || read.what);
}

/** What of an address says how it is answered, not what is asked. */
const UNSAID =
  /^(f|crs|bbox-crs|filter-crs|limit|offset|cursor|before|after|lang|download|properties|filter-lang|q|layer|by|undoable|size|state|view|layers|distinct)$/;

const ALWAYS = "../.."; // as a time

/** An instant, or what of a period is bounded (`2014-01-01/..`). */
function timeWords(value: string): string {
  const [from = "", to] = value.split("/");
  if (to === undefined) return t("common.as_of", { date: date(from) });
  const ends: [Key, string][] = [
    ["history.since", from],
    ["history.until", to],
  ];
  return ends
    .filter(([, end]) => end && end !== "..")
    .map(([key, end]) => `${t(key)} ${date(end)}`)
    .join(" ");
}

function condition(of: string, name: string, value: string): string {
  if (name === "bbox") return t("read.in_view");
  if (name === "since") return `${t("history.since")} ${date(value)}`;
  if (name === "until") return `${t("history.until")} ${date(value)}`;
  if (name === "actor") return `${t("history.actor")}: ${value}`;
  if (name === "datetime" || name === "as_of" || name === "at") return timeWords(value);
  if (name === "filter") return value;
  const known = field(of, name) ?? field("markers", name);
  if (!known) return `${name}: ${value}`;
  const words = known.vocabulary ? label(known.vocabulary, value) : borderText(value);
  return `${known[`title_${lang.value}`]}: ${words}`;
}

/** What was asked for, in words. */
export function conditions({ what, filter }: LoggedRead): string {
  const asked = new URLSearchParams(filter);
  const of = /\/collections\/([^/]+)/.exec(what)?.[1] ?? asked.get("layer") ?? "";
  const said = [...asked].filter(
    ([name, value]) => value && value !== ALWAYS && !UNSAID.test(name),
  );
  return said.map(([name, value]) => condition(of, name, value)).join(" · ");
}

export interface Reads {
  read: LoggedRead; // the latest
  since: string; // when the first was, ISO 8601
  times: number;
}

const same = (a: LoggedRead, b: LoggedRead): boolean =>
  a.name === b.name && a.via === b.via && wordsOf(a) === wordsOf(b);

function wordsOf(read: LoggedRead): string {
  const { before, name, after } = sentence(read);
  const map = /\/tiles\b/.test(read.what); // of which each piece is a read
  return [before, name, after, map ? "" : conditions(read)].join();
}

/** Reads in the order of the log; those that say the same one after another are one. */
export function gathered(reads: readonly LoggedRead[]): Reads[] {
  const found: Reads[] = [];
  for (const read of reads) {
    const last = found.at(-1);
    if (last && same(last.read, read)) {
      last.times += 1;
      last.since = read.at;
    } else found.push({ read, since: read.at, times: 1 });
  }
  return found;
}
