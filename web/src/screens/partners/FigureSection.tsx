/** The province's figures: value, unit, period, source, and where the source contradicts itself. */
import type { Properties } from "../../api/types";
import { lang, t } from "../../i18n";
import { date, number } from "../../i18n/format";
import { named } from "../../i18n/words";
import { text, wordOf } from "../page/format";
import { Section } from "../page/Sheet";
import { Ref } from "../page/Sources";
import { contradicting } from "./summary";

/** The value as a number in the reader's writing, else as the source states it. */
export function valueText(row: Properties): string {
  if (typeof row.value === "number") return number(row.value);
  return text(row.value_text) || t("common.unknown");
}

export function unitText(row: Properties): string {
  return text((lang.value === "vi" && row.unit_vi) || row.unit);
}

function Doubt({ row, doubtful }: { row: Properties; doubtful: boolean }) {
  const low = row.confidence === "low" || row.confidence === "medium";
  return (
    <div class="small">
      {doubtful && <div class="doubt">{t("partner.contradiction")}</div>}
      {row.note ? <div class="soft">{text(row.note)}</div> : null}
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
      <td class="num figure value">
        {valueText(row)} <span class="unit">{unitText(row)}</span>
      </td>
      <td class="num">{text(row.period) || date(text(row.as_of))}</td>
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
        <table class="table">
          <thead>
            <tr>
              <th>{t("partner.figure")}</th>
              <th class="figure">{t("partner.value")}</th>
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
