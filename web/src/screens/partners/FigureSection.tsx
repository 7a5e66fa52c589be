/** The province's figures: value, unit, period, source, and where the source contradicts itself. */
import type { Properties } from "../../api/types";
import { type Key, t } from "../../i18n";
import { date, isCurrency, money, number } from "../../i18n/format";
import { localText, named } from "../../i18n/words";
import { text, wordOf } from "../page/format";
import { Section } from "../page/Sheet";
import { Ref } from "../page/Sources";
import { contradicting } from "./summary";

const QUALIFIERS: Record<string, Key> = {
  approx: "partner.qualifier.approx",
  more_than: "partner.qualifier.more_than",
  nearly: "partner.qualifier.nearly",
  plan: "partner.qualifier.plan",
  named: "partner.qualifier.named",
};

function plainValue(row: Properties): string {
  const { value, unit } = row;
  if (typeof value !== "number") return localText(row, "value_text") || t("common.unknown");
  return isCurrency(unit) ? money(value, text(unit)) : number(value);
}

/** The value in the reader's writing, `trên 30 triệu USD`; without a number, as the source has it. */
export function valueText(row: Properties): string {
  const key = typeof row.value === "number" ? QUALIFIERS[text(row.qualifier)] : undefined;
  return key ? t(key, { value: plainValue(row) }) : plainValue(row);
}

/** The unit; empty where the value carries it. */
export function unitText(row: Properties): string {
  if (typeof row.value !== "number" || isCurrency(row.unit)) return "";
  return localText(row, "unit");
}

/** `1993–2007`, `đến 2007`; dates by the reader's writing. */
export function timeText(row: Properties): string {
  const period = text(row.period) || text(row.as_of);
  const until = /^to (.+)$/.exec(period);
  if (until) return t("page.period.until", { date: date(until[1]) });
  return /^\d{4}-\d{4}$/.test(period) ? period.replace("-", "–") : date(period);
}

function Doubt({ row, doubtful }: { row: Properties; doubtful: boolean }) {
  const low = row.confidence === "low" || row.confidence === "medium";
  return (
    <div class="small">
      {doubtful && <div class="doubt">{t("partner.contradiction")}</div>}
      {localText(row, "note") ? <div class="soft">{localText(row, "note")}</div> : null}
      {low && (
        <div class="soft">
          {t("common.confidence", { level: wordOf("indicators", "confidence", row.confidence) })}
        </div>
      )}
    </div>
  );
}

function Row({ row, doubtful }: { row: Properties; doubtful: boolean }) {
  return (
    <tr>
      <td>
        {named(row)} <Ref row={row} />
        <Doubt row={row} doubtful={doubtful} />
      </td>
      <td class="num leaf-number value">
        {valueText(row)} <span class="unit">{unitText(row)}</span>
      </td>
      <td class="num">{timeText(row)}</td>
    </tr>
  );
}

export function FigureSection({ indicators }: { indicators: Properties[] }) {
  const doubtful = contradicting(indicators);
  return (
    <Section
      title={t("partner.figures")}
      count={indicators.length}
      empty={t("partner.figures_empty")}
    >
      <div class="scroll-x">
        <table class="leaf-table">
          <thead>
            <tr>
              <th>{t("partner.figure")}</th>
              <th class="leaf-number">{t("partner.value")}</th>
              <th>{t("partner.period")}</th>
            </tr>
          </thead>
          <tbody>
            {indicators.map((row) => (
              <Row key={text(row.id)} row={row} doubtful={doubtful.has(text(row.id))} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
