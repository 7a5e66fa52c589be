/** What the map shows, as a GeoJSON file. */
import { useState } from "preact/hooks";
import type { BBox } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { cutLayers, facetted, type MapData } from "../../state/data";
import { shownParams } from "../../state/filters";
import { boxText } from "../../state/markers";
import { LAYERS, shownDate, shownLayers } from "../../state/screen";
import { Icon } from "../../ui/Icon";

export function ExportBox({ data, box }: { data: MapData; box: BBox | null }) {
  const [wanted, setLayer] = useState<string>("markers");
  const [inView, setInView] = useState(false);
  const offered = LAYERS.filter((layer) => shownLayers.value.has(layer));
  const layer = offered.find((name) => name === wanted) ?? offered[0];
  if (!layer) return null;
  const bbox = inView && box ? boxText(box) : null;
  const url = itemsUrl(layer, { ...shownParams(layer), bbox, f: "geojson", download: 1 });
  const cut = cutLayers(data).find((one) => one.layer === layer);
  const size =
    layer === "markers"
      ? (data.markers.counts.data?.total ?? 0)
      : facetted(layer, data.all[layer] ?? []).length;
  return (
    <section class="export" aria-label={t("export.title")}>
      <h2 class="section-title">{t("export.title")}</h2>
      <label class="label" for="export-layer">
        {t("export.layer")}
      </label>
      <select
        id="export-layer"
        class="field"
        value={layer}
        onChange={(event) => setLayer(event.currentTarget.value)}
      >
        {offered.map((name) => (
          <option value={name}>{layerTitle(name)}</option>
        ))}
      </select>
      <label class="switch">
        <input type="checkbox" checked={inView} onChange={() => setInView(!inView)} />
        <span>{t("export.in_view")}</span>
      </label>
      <a
        class="button"
        data-testid="export-geojson"
        href={url}
        download={`cotmoc-${layer}-${shownDate.value}.geojson`}
      >
        <Icon name="download" />
        {inView ? t("export.button") : t("export.button_n", { n: number(size) })}
      </a>
      {cut && (
        <p class="notice">{t("export.cut", { n: number(cut.n), total: number(cut.total) })}</p>
      )}
    </section>
  );
}
