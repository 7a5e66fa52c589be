/** Several measures, each with its own denominator, day and source; never one percentage. */
import type { Progress, ProgressRow } from "../../api/types";
import { progressUrl } from "../../api/urls";
import { t } from "../../i18n";
import { date, number } from "../../i18n/format";
import { label, localText } from "../../i18n/words";
import { useBorder } from "../../state/data";
import { bothOf, useHeld } from "../../state/markers";
import { useResource } from "../../state/resource";
import { asked, shownDate } from "../../state/screen";
import { Empty, Loaded } from "../../ui/States";
import { Both } from "./Both";

/** `248 / 314`; a plan has a total alone. */
function figureOf({ numerator, denominator }: ProgressRow): [string, string] {
  const [n, of] = [numerator, denominator].map((v) => (v === null ? "" : number(v)));
  return n ? [n, of ? ` / ${of}` : ""] : [of || t("common.unknown"), ""];
}

function unitWords(unit: string | null): string {
  if (unit === "positions" || unit === "markers") return t(`count.${unit}`);
  return unit ?? "";
}

function Bar({ row }: { row: ProgressRow }) {
  if (!row.denominator || row.numerator === null) return null;
  const share = Math.min(100, (100 * row.numerator) / row.denominator);
  return (
    <span class="bar" aria-hidden="true">
      <i style={{ width: `${share}%` }} />
    </span>
  );
}

function Figure({ row }: { row: ProgressRow }) {
  const [main, rest] = figureOf(row);
  return (
    <p class="figure-line">
      <span class="figure num">
        {row.qualifier === "approx" && <span class="small soft">{t("progress.approx")} </span>}
        <strong>{main}</strong>
        {rest}
      </span>{" "}
      <span class="small">{unitWords(row.unit)}</span>
    </p>
  );
}

/** What the report counts, in so far as it differs from what the measure's name says. */
function Note({ row }: { row: ProgressRow }) {
  const words = localText(row, "note");
  return words ? <p class="note small">{words}</p> : null;
}

function Source({ row }: { row: ProgressRow }) {
  return (
    <details class="small">
      <summary>
        {[label("basis", row.basis), date(row.as_of)].filter(Boolean).join(" · ")} ·{" "}
        {t("common.source")}
      </summary>
      <p>{row.source}</p>
      {row.confidence && (
        <p>{t("common.confidence", { level: label("confidence", row.confidence) })}</p>
      )}
    </details>
  );
}

/** How the register stands to the report; where it is incomplete it only "holds n of N". */
function comparison(counted: ProgressRow, reported?: ProgressRow): string {
  const { difference, numerator, complete } = counted;
  if (difference === null || difference === undefined) return "";
  if (difference === 0) return t("progress.same");
  const n = number(numerator ?? 0);
  const of = number(reported?.numerator ?? 0);
  if (complete === false && difference < 0) return t("progress.holds", { n, of });
  const sign = difference > 0 ? "+" : "−";
  return t("progress.difference", { n: `${sign}${number(Math.abs(difference))}` });
}

function Counted({ row, reported }: { row: ProgressRow; reported?: ProgressRow }) {
  const compared = comparison(row, reported);
  return (
    <p class="counted small">
      <span class="tag">{label("basis", "register")}</span>{" "}
      <strong class="num">{number(row.numerator ?? 0)}</strong>
      {compared && ` · ${compared}`}
    </p>
  );
}

function Measure(props: { measure: string; reported?: ProgressRow; counted?: ProgressRow }) {
  const { measure, reported, counted } = props;
  return (
    <article class="measure" data-measure={measure}>
      <h3>{label("measure", measure)}</h3>
      {reported && (
        <>
          <Figure row={reported} />
          <Bar row={reported} />
          <Note row={reported} />
          <Source row={reported} />
        </>
      )}
      {counted && <Counted row={counted} reported={reported} />}
    </article>
  );
}

function measuresOf({ reported, register }: Progress): string[] {
  return [...new Set([...reported, ...register].map((row) => row.measure))];
}

function Plans({ rows }: { rows: ProgressRow[] }) {
  if (rows.length === 0) return null;
  return (
    <details class="plans">
      <summary>{t("progress.plans", { n: number(rows.length) })}</summary>
      {rows.map((row) => (
        <div class="measure">
          <h3>{label("measure", row.measure)}</h3>
          <Figure row={row} />
          <Note row={row} />
          <Source row={row} />
        </div>
      ))}
    </details>
  );
}

function Measures({ progress }: { progress: Progress }) {
  const of = (rows: ProgressRow[], measure: string) => rows.find((row) => row.measure === measure);
  const none = progress.reported.length === 0;
  return (
    <>
      {none && <Empty>{t("progress.none")}</Empty>}
      {measuresOf(progress).map((measure) => (
        <Measure
          measure={measure}
          reported={of(progress.reported, measure)}
          counted={of(progress.register, measure)}
        />
      ))}
      <Plans rows={progress.plans ?? []} />
    </>
  );
}

/** The key figure: what the register holds of the scope. */
export function ProgressHead() {
  const border = useBorder();
  const held = useHeld(border);
  const scope = [asked.value.province, t(`progress.line.${border as "VN-KH"}`)];
  return (
    <header>
      <h2 class="scope">{scope.filter(Boolean).join(" · ")}</h2>
      <Loaded of={held}>{(counts) => <Both {...bothOf(counts)} />}</Loaded>
      <p class="small soft">{t("progress.held", { date: date(shownDate.value) })}</p>
    </header>
  );
}

export function ProgressPanel() {
  const border = useBorder();
  const { province } = asked.value;
  const url = progressUrl({ border, as_of: shownDate.value, province });
  const progress = useResource<Progress>(url);
  return (
    <section aria-label={t("progress.title")}>
      <Loaded of={progress}>{(found) => <Measures progress={found} />}</Loaded>
    </section>
  );
}
