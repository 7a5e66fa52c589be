/** The third step: what would become of each row, and what is wrong with it. */
import { useId } from "preact/hooks";
import { url } from "../../api/client";
import { lang, t } from "../../i18n";
import { number } from "../../i18n/format";
import { href, path, query } from "../../router";
import { useResource } from "../../state/resource";
import { Icon } from "../../ui/Icon";
import { Empty, Loaded } from "../../ui/States";
import { Another } from "./Another";
import { Changes } from "./Changes";
import { Findings } from "./Findings";
import { stepHref } from "./links";
import { OfSheet } from "./OfSheet";
import type { Preview, Row, Rows } from "./types";
import { type Import, importUrl } from "./useImport";
import { rowLabel, wrongIn } from "./words";

const PAGE = 50; // rows
const FIGURES = [
  "create",
  "change",
  "same",
  "error",
  "approvals",
  "warnings",
  "duplicates",
] as const;
const LEVELS = ["error", "approval", "warning"] as const;
type Level = (typeof LEVELS)[number];
const ACCEPTABLE = ["off_province", "future"] as const;

const levelOf = (): Level | null =>
  LEVELS.find((level) => level === query.value.get("level")) ?? null;

function startOf(): number {
  const start = Number(query.value.get("start"));
  return Number.isInteger(start) && start > 0 ? start : 0;
}

function Figures({ made }: { made: Preview }) {
  return (
    <dl class="import-figures">
      {FIGURES.map((name) => (
        <div key={name} data-figure={name} class={made.counts[name] ? name : "none"}>
          <dt>{t(`import.figure.${name}`)}</dt>
          <dd class="num">{number(made.counts[name] ?? 0)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** All rows, or those alone of which something is to be known. */
function LevelLinks() {
  const now = levelOf();
  return (
    <nav class="import-levels" aria-label={t("import.levels")}>
      {[null, ...LEVELS].map((level) => (
        <a
          key={level}
          class="tab"
          href={href(path.value, { level, start: null })}
          aria-current={now === level ? "true" : undefined}
        >
          {t(`import.only.${level ?? "all"}`)}
        </a>
      ))}
    </nav>
  );
}

function RowLine({ row, layer }: { row: Row; layer: string }) {
  return (
    <tr data-row={row.row}>
      <td class="num">{row.row}</td>
      <td>
        <span class={`import-action ${row.action}`}>{t(`import.action.${row.action}`)}</span>
        <div class="break">{rowLabel(row)}</div>
      </td>
      <td>
        <Findings of={row.findings} />
        <Changes row={row} layer={layer} />
      </td>
    </tr>
  );
}

function Pager({ rows }: { rows: Rows }) {
  const { start, total } = rows;
  const last = start + rows.rows.length;
  const to = (next: number) => href(path.value, { start: next || null });
  return (
    <div class="import-pager">
      {start > 0 && (
        <a class="button" href={to(Math.max(0, start - PAGE))}>
          {t("import.previous")}
        </a>
      )}
      <span class="small num" role="status">
        {t("import.range", { from: number(start + 1), to: number(last), n: number(total) })}
      </span>
      {last < total && (
        <a class="button" href={to(start + PAGE)}>
          {t("import.next")}
        </a>
      )}
    </div>
  );
}

function RowTable({ rows, layer }: { rows: Rows; layer: string }) {
  if (!rows.rows.length) return <Empty>{t("import.no_rows")}</Empty>;
  return (
    <>
      <table class="leaf-table import-rows">
        <caption class="visually-hidden">{t("import.rows")}</caption>
        <thead>
          <tr>
            <th>{t("import.row_number")}</th>
            <th>{t("import.becomes")}</th>
            <th>{t("import.found")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.rows.map((row) => (
            <RowLine key={row.row} row={row} layer={layer} />
          ))}
        </tbody>
      </table>
      <Pager rows={rows} />
    </>
  );
}

function RowList({ made }: { made: Preview }) {
  const asked = { start: startOf() || null, limit: PAGE, level: levelOf() };
  const found = useResource<Rows>(url(`${importUrl(made.id)}/rows`, asked));
  return (
    <Loaded of={found}>{(rows) => <RowTable rows={rows} layer={made.options.layer} />}</Loaded>
  );
}

/** Rows that are no data, by why they were left out. */
function LeftOut({ made }: { made: Preview }) {
  const found = Object.entries(made.counts).flatMap(([name, n]) => {
    const why = /^left_out_(empty|total|header|note)$/.exec(name)?.[1];
    return why ? [t(`import.out.${why as "empty"}`, { n: number(n) })] : [];
  });
  if (!found.length) return null;
  return <p class="small soft">{t("import.out", { what: found.join(", ") })}</p>;
}

function Accept({ made, of }: { made: Preview; of: Import }) {
  const { accept } = { ...made.options, ...of.asked };
  const toggle = (code: string) =>
    of.change(({ accept: old }) => ({
      accept: old.includes(code) ? old.filter((one) => one !== code) : [...old, code],
    }));
  const id = useId();
  return (
    <fieldset class="import-accept" aria-describedby={id}>
      <legend class="label">{t("import.accept")}</legend>
      {ACCEPTABLE.map((code) => (
        <label key={code} class="switch">
          <input type="checkbox" checked={accept.includes(code)} onChange={() => toggle(code)} />
          <span>{t(`import.accept.${code}`)}</span>
        </label>
      ))}
      <p id={id} class="tiny soft">
        {t("import.accept_help")}
      </p>
    </fieldset>
  );
}

function FaultFiles({ made }: { made: Preview }) {
  const address = (ending: string) =>
    url(`${importUrl(made.id)}/faults.${ending}`, { lang: lang.value });
  return (
    <div class="leaf-actions">
      {["xlsx", "csv"].map((ending) => (
        <a key={ending} class="button" href={address(ending)} download>
          <Icon name="download" />
          {t("import.faults", { form: ending.toUpperCase() })}
        </a>
      ))}
    </div>
  );
}

function verdict(made: Preview): string {
  if (wrongIn(made)) return t("import.has_errors");
  const n = made.counts.approvals ?? 0;
  return n ? t("import.needs_approver", { n: number(n) }) : t("import.is_sound");
}

export function Check({ made, of }: { made: Preview; of: Import }) {
  const errors = wrongIn(made);
  const { warnings, approvals } = made.counts;
  return (
    <>
      <p role="status" data-testid="import-verdict">
        {verdict(made)}
      </p>
      <OfSheet made={made} />
      <Figures made={made} />
      <LeftOut made={made} />
      <LevelLinks />
      <RowList key={of.held.at?.getTime()} made={made} />
      <Accept made={made} of={of} />
      {(errors > 0 || warnings || approvals) && <FaultFiles made={made} />}
      <div class="leaf-actions">
        <a class="button" href={stepHref("columns")}>
          {t("import.to_columns")}
        </a>
        <Another of={of} />
        {!errors && (
          <a class="button primary" href={stepHref("write")}>
            {t("import.to_write")}
          </a>
        )}
      </div>
    </>
  );
}
