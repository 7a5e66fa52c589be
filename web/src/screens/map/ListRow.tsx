/** One row of a list: sign, title, a line of more; pressed, it opens the drawer. */
import type { Feature } from "../../api/types";
import { t } from "../../i18n";
import { named } from "../../i18n/words";
import { rowSign } from "../../map/rowSign";
import { Sign } from "../../map/Sign";
import { select, selection } from "../../state/screen";

type Words = string | null | undefined | false | 0;

interface Props {
  layer: string;
  feature: Feature;
  more: Words[]; // under the title; what is empty is left out
  tab?: boolean; // reached by the tab key; else by arrow keys
}

export function titleOf(layer: string, { id, properties }: Feature): string {
  const name = named(properties);
  if (layer !== "markers") return name || id;
  return [t("marker.title", { no: String(properties.number) }), name].filter(Boolean).join(" · ");
}

export function ListRow({ layer, feature, more, tab = true }: Props) {
  const current = selection.value?.layer === layer && selection.value.id === feature.id;
  const parts = rowSign(layer, feature.properties);
  return (
    <li>
      <button
        type="button"
        class="list-row"
        tabIndex={tab ? 0 : -1}
        data-row={`${layer}/${feature.id}`}
        aria-current={current ? "true" : undefined}
        onClick={() => select({ layer, id: feature.id })}
      >
        {parts && <Sign parts={parts} size={30} />}
        <span>
          <span class="list-title">{titleOf(layer, feature)}</span>
          <span class="small soft">{more.filter(Boolean).join(" · ")}</span>
        </span>
      </button>
    </li>
  );
}
