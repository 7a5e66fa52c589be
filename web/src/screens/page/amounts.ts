/** Money as a source states it: each amount in its own currency, never converted. */
import type { Properties } from "../../api/types";
import { t } from "../../i18n";
import { date, money } from "../../i18n/format";
import { localText } from "../../i18n/words";
import { text } from "./format";

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

/** `2.074,033 tỷ VND (2005; tổng vốn)`: each amount with what the source adds to it. */
export function amountTexts(amounts: unknown): string[] {
  return listOf(amounts).map(line).filter(Boolean);
}

/** One line for each amount; the dollars that a source gives beside them are said to be so. */
export function amountLines(properties: Properties): string[] {
  const amounts = listOf(properties.amounts);
  const lines = amountTexts(amounts);
  const usd = properties.amount_usd;
  if (typeof usd !== "number" || amounts.some((one) => one.currency === "USD")) return lines;
  return [...lines, t("page.amount_usd", { amount: money(usd, "USD") })];
}
