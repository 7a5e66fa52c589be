/** What was and what became of a row, field by field. */
import type { Properties } from "../../api/types";
import { lang, t } from "../../i18n";
import { number } from "../../i18n/format";
import { field, label } from "../../i18n/words";

export interface Difference {
  field: string;
  before: unknown;
  after: unknown;
}

export type Action = "create" | "edit" | "retire";

const DIGITS = 7; // decimals of a degree

function pointText(value: Properties): string | null {
  const { type, coordinates } = value;
  if (type !== "Point" || !Array.isArray(coordinates)) return null;
  const [lng, lat] = coordinates as number[];
  return `${number(lat ?? 0, DIGITS)}; ${number(lng ?? 0, DIGITS)}`;
}

/** A value of a row in words. */
export function shown(layer: string, name: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (name === "geometry") return pointText(value as Properties) ?? t("history.shape");
  const vocabulary = field(layer, name)?.vocabulary;
  if (vocabulary && typeof value === "string") return label(vocabulary, value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function titleOf(layer: string, name: string): string {
  if (name === "geometry") return t("edit.place");
  return field(layer, name)?.[`title_${lang.value}`] ?? name;
}

interface Props {
  layer: string;
  action: Action;
  changes: Difference[];
}

export function Differences({ layer, action, changes }: Props) {
  const told = action === "edit" ? changes : changes.filter(({ before, after }) => before ?? after);
  if (!told.length) return null;
  return (
    <div class="scroll-x">
      <table class="leaf-table">
        <thead>
          <tr>
            <th>{t("edit.stale_field")}</th>
            {action !== "create" && <th>{t("history.before")}</th>}
            {action !== "retire" && <th>{t("history.after")}</th>}
          </tr>
        </thead>
        <tbody>
          {told.map(({ field: name, before, after }) => (
            <tr key={name} data-field={name}>
              <th scope="row">{titleOf(layer, name)}</th>
              {action !== "create" && <td>{shown(layer, name, before)}</td>}
              {action !== "retire" && <td>{shown(layer, name, after)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
