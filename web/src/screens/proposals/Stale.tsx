/** The row has changed since: what the author saw, what it is now, what he asks for. */
import { t } from "../../i18n";
import { shown, titleOf } from "../history/values";
import type { Sides } from "./types";

export function Stale({ layer, of }: { layer: string; of: Sides }) {
  const { clashes } = of;
  return (
    <section class="notice form-stale" role="alert">
      <strong>{t("proposals.stale")}</strong>
      {!of.now && <p>{t("proposals.gone")}</p>}
      {clashes && clashes.length > 0 && (
        <div class="scroll-x">
          <table class="leaf-table">
            <thead>
              <tr>
                <th>{t("edit.stale_field")}</th>
                <th>{t("proposals.base")}</th>
                <th>{t("proposals.now")}</th>
                <th>{t("proposals.asked")}</th>
              </tr>
            </thead>
            <tbody>
              {clashes.map(({ field, base, theirs, yours }) => (
                <tr key={field} data-field={field}>
                  <th scope="row">{titleOf(layer, field)}</th>
                  <td>{shown(layer, field, base)}</td>
                  <td>{shown(layer, field, theirs)}</td>
                  <td>{shown(layer, field, yours)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
