/** Agreements, promises and exchanges, the newest first. */
import type { Feature, FeatureCollection } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { t } from "../../i18n";
import { date, number } from "../../i18n/format";
import { label, layerTitle } from "../../i18n/words";
import { useResource } from "../../state/resource";
import { asked } from "../../state/screen";
import { Empty, Loaded } from "../../ui/States";
import { ListRow } from "./ListRow";

const LAYERS = ["agreements", "commitments", "exchanges"] as const;
type Layer = (typeof LAYERS)[number];
type Row = Record<string, string | null>;

const WHEN: Record<Layer, (p: Row) => string> = {
  agreements: (p) => date(p.signed) || (p.dates_text ?? ""),
  commitments: (p) => date(p.due) || (p.due_text ?? ""),
  exchanges: (p) => [date(p.date_from), date(p.date_to)].filter(Boolean).join(" – "),
};
const KIND: Record<Layer, (p: Row) => string> = {
  agreements: (p) => label("agreement_kind", p.kind),
  commitments: (p) => label("commitment_state", p.state),
  exchanges: (p) => label("exchange_kind", p.kind),
};

const sortKey = (f: Feature): string =>
  String(f.properties.signed ?? f.properties.due ?? f.properties.date_from ?? "");

function Item({ layer, row }: { layer: Layer; row: Feature }) {
  const p = row.properties as Row;
  return (
    <ListRow layer={layer} feature={row} more={[WHEN[layer](p), KIND[layer](p), p.province]} />
  );
}

function Section({ layer }: { layer: Layer }) {
  const found = useResource<FeatureCollection>(
    itemsUrl(layer, { datetime: "../..", province: asked.value.province }),
  );
  return (
    <>
      <h2 class="section-title">
        {layerTitle(layer)}{" "}
        <span class="num soft">{found.data ? number(found.data.features.length) : ""}</span>
      </h2>
      <Loaded of={found}>
        {({ features }) =>
          features.length === 0 ? (
            <Empty>{t("cooperation.none")}</Empty>
          ) : (
            <ul class="list">
              {[...features]
                .sort((a, b) => sortKey(b).localeCompare(sortKey(a)))
                .map((row) => (
                  <Item layer={layer} row={row} />
                ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

export function CooperationPanel() {
  return (
    <section aria-label={t("cooperation.title")}>
      {LAYERS.map((layer) => (
        <Section layer={layer} />
      ))}
    </section>
  );
}
