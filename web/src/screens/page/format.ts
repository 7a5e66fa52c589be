/** Words and figures of the pages: lengths, scales, periods, dates with their precision. */
import type { Feature } from "../../api/types";
import { type Key, lang, t } from "../../i18n";
import { date, number } from "../../i18n/format";
import { field, label, named, words } from "../../i18n/words";

/** `106,5° Đ` in the present language. */
export function degreeText(value: number, side: string): string {
  return `${number(value, 2)}° ${side}`;
}

/** A length in metres or whole kilometres. */
export function lengthText(metres: number): string {
  return metres < 1000 ? `${number(metres, 0)} m` : `${number(metres / 1000, 1)} km`;
}

export function ratioText(ratio: number): string {
  return `1 : ${number(ratio, 0)}`;
}

/** Kilometres as a key figure: a decimal below 100 only. */
export function kmText(km: number): string {
  return `${number(km, km < 100 ? 1 : 0)} km`;
}

const PRECISION: Record<string, Key> = {
  not_later_than: "page.date.not_later_than",
};

/** A date as exactly as it is known: `06/2014`, `2014`, `không muộn hơn 30/06/2014`. */
export function preciseDate(value: string | null, precision: string | null): string {
  if (!value) return t("common.unknown");
  if (precision === "year") return value.slice(0, 4);
  if (precision === "month") return date(value.slice(0, 7));
  const key = precision ? PRECISION[precision] : undefined;
  return key ? t(key, { date: date(value) }) : date(value);
}

function dayBefore(value: string): string {
  const day = new Date(`${value}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}

/** The last day that a period with an exclusive end holds. */
export function lastDay(validTo: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(validTo) ? dayBefore(validTo) : validTo;
}

/** `từ 25/06/2014`, `đến 24/06/2014`, `01/01/2007 – 24/06/2014`; empty where both are open. */
export function periodText(from: string | null, to: string | null): string {
  if (from && to) return `${date(from)} – ${date(lastDay(to))}`;
  if (from) return t("page.period.from", { date: date(from) });
  return to ? t("page.period.until", { date: date(lastDay(to)) }) : "";
}

/** Dates given in parts: exact ones first, else the words of the source. */
export function spanText(from: unknown, to: unknown, stated?: unknown): string {
  const parts = [...new Set([from, to].filter(Boolean).map((day) => date(String(day))))];
  return parts.length ? parts.join(" – ") : String(stated ?? "");
}

/** Degrees, minutes and seconds: `12°20′44,5″B 107°07′24,4″Đ`, for reading out by radio. */
export function dms(lng: number, lat: number): string {
  return `${sexagesimal(lat, t("side.north"), t("side.south"))} ${sexagesimal(lng, t("side.east"), t("side.west"))}`;
}

function sexagesimal(value: number, plus: string, minus: string): string {
  const tenths = Math.round(Math.abs(value) * 36000); // of a second
  const [degrees, rest] = [Math.floor(tenths / 36000), tenths % 36000];
  const point = lang.value === "vi" ? "," : ".";
  const seconds = ((rest % 600) / 10).toFixed(1).padStart(4, "0").replace(".", point);
  const minutes = String(Math.floor(rest / 600)).padStart(2, "0");
  return `${degrees}°${minutes}′${seconds}″${value < 0 ? minus : plus}`;
}

/** `vn-kh.48.0.1` → `48(1)`, `vn-kh.47.7.0` → `47/7`; null where it is no marker's id. */
export function markerNumber(id: string): string | null {
  const parts = /^[a-z]{2}-[a-z]{2}\.(\d+)\.(\d+)\.(\d+)$/.exec(id);
  if (!parts) return null;
  const [, main, aux, k] = parts;
  return `${main}${aux === "0" ? "" : `/${aux}`}${k === "0" ? "" : `(${k})`}`;
}

/** A property as text; empty where it is null. */
export function text(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

const LINES = ["VN-LA", "VN-KH", "VN-CN"] as const; // whole borders, as rows name them

/** The name of a whole border: `VN-KH` → Việt Nam – Campuchia; what is none stays as it is. */
export function borderText(code: unknown): string {
  const known = LINES.find((line) => line === text(code).toUpperCase());
  return known ? t(`progress.line.${known}`) : text(code);
}

/** A property as a list of texts. */
export function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return value ? String(value).split("|") : [];
}

/** Label of a row's coded property, by the vocabulary that its layer names. */
export function wordOf(layerName: string, name: string, value: unknown): string {
  return label(field(layerName, name)?.vocabulary ?? name, text(value));
}

/** Title of a field of a layer in the present language. */
export function fieldTitle(layerName: string, name: string): string {
  const twin = lang.value === "vi" ? field(layerName, `${name}_vi`) : undefined;
  const title = named(twin ?? field(layerName, name) ?? {}, "title") || name;
  return title.charAt(0).toLocaleUpperCase() + title.slice(1);
}

/** Sort key of a marker's event: its date, and on one day the order of the steps. */
export function eventOrder({ properties: p }: Feature): string {
  const step = words("marker_event").findIndex(({ value }) => value === p.event);
  return `${text(p.date)} ${String(step).padStart(2, "0")}`;
}

export const inOrder = (a: Feature, b: Feature): number =>
  eventOrder(a).localeCompare(eventOrder(b));
