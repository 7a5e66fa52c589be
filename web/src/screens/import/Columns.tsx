/** The second step: what each column holds, what holds for every row, and where the points lie. */
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { Constants } from "./Constants";
import { LateField } from "./LateField";
import { stepHref } from "./links";
import { OfSheet } from "./OfSheet";
import { System } from "./System";
import type { Column, Options, Preview } from "./types";
import type { Import } from "./useImport";
import { targetTitle } from "./words";

interface Props {
  made: Preview;
  of: Import;
}

function sureness({ target, confidence }: Column, byHand: boolean): string {
  if (byHand) return t("import.by_hand");
  if (!target) return t("import.left_out");
  return t("import.guessed", { n: number(confidence * 100, 0) });
}

interface ColumnProps extends Props {
  column: Column;
}

function ColumnRow({ column, made, of }: ColumnProps) {
  const { layer, mapping } = made.options;
  const asked = of.asked.mapping?.[column.column];
  const target = asked === undefined ? column.target : asked;
  const choose = (next: string) =>
    of.change((options) => ({ mapping: { ...options.mapping, [column.column]: next || null } }));
  const name = `${column.column} ${column.header}`;
  return (
    <tr data-column={column.column}>
      <td class="num">{column.column}</td>
      <th scope="row">
        {column.header || "–"}
        {column.unit && <span class="soft"> ({column.unit})</span>}
      </th>
      <td>
        <select
          class="field"
          aria-label={t("import.holds_of", { name })}
          value={target ?? ""}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="">{t("import.nothing")}</option>
          {made.targets.map((one) => (
            <option key={one} value={one}>
              {targetTitle(layer, one)}
            </option>
          ))}
        </select>
        <span class="tiny soft">{sureness(column, column.column in mapping)}</span>
      </td>
    </tr>
  );
}

function ColumnTable({ made, of }: Props) {
  return (
    <table class="leaf-table import-columns">
      <caption class="visually-hidden">{t("import.columns")}</caption>
      <thead>
        <tr>
          <th>{t("import.column")}</th>
          <th>{t("import.header")}</th>
          <th>{t("import.holds")}</th>
        </tr>
      </thead>
      <tbody>
        {made.columns.map((column) => (
          <ColumnRow key={column.column} column={column} made={made} of={of} />
        ))}
      </tbody>
    </table>
  );
}

function SheetSelect({ made, of }: Props) {
  if (made.sheets.length < 2) return null;
  return (
    <div class="form-field">
      <label class="label" for="import-sheet">
        {t("import.sheet")}
      </label>
      <select
        id="import-sheet"
        class="field"
        value={of.asked.sheet ?? made.sheet ?? ""}
        onChange={(event) => {
          const sheet = event.currentTarget.value;
          of.change(() => ({ sheet, mapping: {} }));
        }}
      >
        {made.sheets.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </div>
  );
}

/** How numbers are written, the day of the sheet and the document behind it. */
function Facts({ made, of }: Props) {
  const { mark, as_of, document } = { ...made.options, ...of.asked };
  const set = (patch: Partial<Options>) => of.change(() => patch);
  return (
    <div class="form-grid">
      <LateField
        label={t("import.as_of")}
        type="date"
        help={t("import.as_of_help")}
        value={as_of ?? made.as_of ?? ""}
        onValue={(day) => set({ as_of: day || null })}
      />
      <LateField
        label={t("import.document")}
        help={t("import.document_help")}
        value={document ?? ""}
        onValue={(text) => set({ document: text || null })}
      />
      <div class="form-field">
        <label class="label" for="import-mark">
          {t("import.mark")}
        </label>
        <select
          id="import-mark"
          class="field"
          value={mark ?? ""}
          onChange={(event) =>
            set({ mark: (event.currentTarget.value || null) as Options["mark"] })
          }
        >
          <option value="">{t("import.mark.guess")}</option>
          <option value=",">{t("import.mark.comma")}</option>
          <option value=".">{t("import.mark.point")}</option>
        </select>
      </div>
    </div>
  );
}

export function Columns(props: Props) {
  const { made, of } = props;
  return (
    <>
      <p class="small soft">
        {[layerTitle(made.options.layer), made.sheet].filter(Boolean).join(" · ")}
      </p>
      <OfSheet made={made} />
      <SheetSelect {...props} />
      <p>{t("import.columns_lead")}</p>
      <ColumnTable {...props} />
      <section class="leaf-section">
        <h2>{t("import.every_row")}</h2>
        <Constants {...props} />
        <Facts {...props} />
      </section>
      <System made={made} of={of} />
      <div class="leaf-actions">
        <a class="button primary" href={stepHref("check")}>
          {t("import.to_check")}
        </a>
      </div>
    </>
  );
}
