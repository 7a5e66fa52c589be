/** Numbers, dates and coordinates as the present language writes them. */
import type { LonLat } from "../api/types";
import { type Lang, lang, t } from "./index";

const LOCALES: Record<Lang, string> = { vi: "vi-VN", en: "en-GB" };
export const locale = (): string => LOCALES[lang.value];

/** A number; `digits` = most decimals shown. */
export function number(value: number, digits = 3): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

const BILLION = 1e9;
const MILLION = 1e6;

/** `2.074,033 tỷ VND`, `88,26 triệu USD`: in the words that officials use, nothing rounded off. */
export function money(value: number, currency: string): string {
  if (value >= BILLION) return t("money.billion", { n: number(value / BILLION), currency });
  if (value >= MILLION) return t("money.million", { n: number(value / MILLION), currency });
  return `${number(value, 0)} ${currency}`;
}

export const isCurrency = (unit: unknown): unit is string => /^[A-Z]{3}$/.test(String(unit));

/** `2014-06-30` → 30/06/2014; `2014-06` → 06/2014; other text as it is. */
export function date(value: string | null | undefined): string {
  if (!value) return "";
  const parts = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(value);
  if (!parts) return value;
  return [parts[3], parts[2], parts[1]].filter(Boolean).join("/");
}

/** The moment by the reader's clock: `22/11/2026 18:02:44`. */
export function moment(at: string): string {
  const when = new Date(at);
  if (Number.isNaN(when.getTime())) return at;
  const day = { day: "2-digit", month: "2-digit", year: "numeric" } as const;
  const time = when.toLocaleTimeString(locale(), { timeStyle: "medium" });
  return `${when.toLocaleDateString(locale(), day)} ${time}`;
}

export function time(value: Date): string {
  return value.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
}

/** Latitude first, as people read it, with the system named: `12,34567° B; 107,12345° Đ (WGS 84)`. */
export function coordinates([lng, lat]: LonLat, digits = 6): string {
  const side = (v: number, plus: string, minus: string) =>
    `${number(Math.abs(v), digits)}° ${v < 0 ? minus : plus}`;
  return `${side(lat, t("side.north"), t("side.south"))}; ${side(lng, t("side.east"), t("side.west"))} (WGS 84)`;
}

/** The same with decimal points and no words, for pasting elsewhere: `12.34567, 107.12345`. */
export function plainCoordinates([lng, lat]: LonLat, digits = 6): string {
  return `${lat.toFixed(digits)}, ${lng.toFixed(digits)}`;
}

/** A distance given in metres, in the unit that suits it. */
export function metres(value: number): string {
  return value >= 1000 ? `${number(value / 1000, 1)} km` : `${number(value, 1)} m`;
}
