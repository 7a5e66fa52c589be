/** What a row brings: each value, or what it was before and would be. */
import { t } from "../../i18n";
import { shown } from "../history/values";
import type { Row } from "./types";
import { targetTitle } from "./words";

export function Changes({ row, layer }: { row: Row; layer: string }) {
  const changes = Object.entries(row.changes);
  if (!changes.length) return null;
  return (
    <details>
      <summary>{t("import.values", { n: changes.length })}</summary>
      <dl class="leaf-facts">
        {changes.map(([name, [before, after]]) => (
          <div key={name}>
            <dt>{name === "geometry" ? t("import.place") : targetTitle(layer, name)}</dt>
            <dd>
              {row.action === "change" && <del>{shown(layer, name, before)}</del>}{" "}
              {shown(layer, name, after)}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
