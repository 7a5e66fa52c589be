/** What was and what became of a row, field by field. */
import { t } from "../../i18n";
import { shown, telling, titleOf } from "./values";

export interface Difference {
  field: string;
  before: unknown;
  after: unknown;
}

export type Action = "create" | "edit" | "retire";

/** What a person is told of a change: of a new row what it holds, of an old one what it held. */
export function toldOf(action: Action, changes: Difference[]): Difference[] {
  const filled = ({ before, after }: Difference) => action === "edit" || (before ?? after) !== null;
  return telling(changes.filter(filled));
}

interface Props {
  layer: string;
  action: Action;
  changes: Difference[];
}

export function Differences({ layer, action, changes }: Props) {
  const told = toldOf(action, changes);
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
