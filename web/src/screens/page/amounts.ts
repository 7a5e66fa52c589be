/** Money as a source states it: each amount in its own currency, never converted. */
import type { Properties } from "../../api/types";
import { t } from "../../i18n";
import { date, number } from "../../i18n/format";
import { localText } from "../../i18n/words";
import { text } from "./format";

const BILLION = 1e9;
const MILLION = 1e6;

/** `2.074,033 tỷ VND`, `88,26 triệu USD`: in the words that officials use, not shortened ones. */
export function money(value: number, currency: string): string {
  if (value >= BILLION) return t("page.billion", { n: number(value / BILLION), currency });
  if (value >= MILLION) return t("page.million", { n: number(value / MILLION), currency });
  return `${number(value, 0)} ${currency}`;
}

interface Amount {
  currency?: unknown;
  value?: unknown;
  date?: unknown;
  text?: unknown; // what the source adds to the number; `text_vi` in Vietnamese
}

function listOf(value: unknown): Amount[] {
  if (Array.isArray(value)) return value.filter((one) => one && typeof one === "object");
  return value && typeof value === "object" ? [value as Amount] : [];
}

function line(amount: Amount): string {
  const { currency, value, date: day } = amount;
  const words = localText(amount, "text");
  if (typeof value !== "number") return words;
  const details = [date(text(day)), words].filter(Boolean).join("; ");
  const sum = money(value, text(currency));
  return details ? `${sum} (${details})` : sum;
}

/** One line for each amount; the dollars that a source gives beside them are said to be so. */
export function amountLines(properties: Properties): string[] {
  const amounts = listOf(properties.amounts);
  const lines = amounts.map(line).filter(Boolean);
  const usd = properties.amount_usd;
  if (typeof usd !== "number" || amounts.some((one) => one.currency === "USD")) return lines;
  return [...lines, t("page.amount_usd", { amount: money(usd, "USD") })];
}
