/** The legend that is the filter: what each sign means, how many there are, press to see only those. */
import type { Counts, Feature } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { label, layerTitle, words } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import {
  gateSign,
  hatchedArea,
  indicativeHalo,
  markerSign,
  type Part,
  projectSign,
} from "../../map/signs";
import { setQuery } from "../../router";
import {
  type Facet,
  facets,
  LAYERS,
  type LayerName,
  shownLayers,
  toggleFacet,
  toggleLayer,
} from "../../state/screen";
import { Loaded } from "../../ui/States";
import { ExportBox } from "./ExportBox";
import { LineSign } from "./LineSign";
import type { PanelProps } from "./PanelBody";

interface RowProps {
  facet: Facet;
  value: string;
  parts: Part[];
  count: number;
}

function FacetRow({ facet, value, parts, count }: RowProps) {
  const chosen = facets.value[facet];
  const pressed = chosen.includes(value);
  const dim = chosen.length > 0 && !pressed;
  return (
    <button
      type="button"
      class={dim ? "facet dim" : "facet"}
      aria-pressed={pressed}
      data-facet={`${facet}:${value}`}
      onClick={() => toggleFacet(facet, value)}
    >
      <Sign parts={parts} />
      <span class="facet-name">
        {label(facet === "finance_kind" ? "finance_kind" : facet, value)}
      </span>
      <span class="num">{number(count)}</span>
    </button>
  );
}

interface FacetListProps {
  facet: Facet;
  title: string;
  counts: Record<string, number>;
  sign: (value: string) => Part[];
}

/** One vocabulary's rows, in its own order; values that nothing has are left out. */
function FacetList({ facet, title, counts, sign }: FacetListProps) {
  const chosen = facets.value[facet];
  const values = words(facet).map((word) => word.value);
  const there = values.filter((value) => counts[value] || chosen.includes(value));
  if (there.length === 0) return null;
  return (
    <fieldset class="facets">
      <legend>
        {title}
        {chosen.length > 0 && (
          <button type="button" class="link" onClick={() => setQuery({ [facet]: null })}>
            {t("common.none")}
          </button>
        )}
      </legend>
      {there.map((value) => (
        <FacetRow facet={facet} value={value} parts={sign(value)} count={counts[value] ?? 0} />
      ))}
    </fieldset>
  );
}

/** Counts of one facet among the rows that the other facet leaves. */
export function countsOf(counts: Counts, of: "stage" | "condition"): Record<string, number> {
  const other = of === "stage" ? "condition" : "stage";
  const chosen = facets.value[other];
  const sums: Record<string, number> = {};
  for (const row of counts.counts) {
    if (chosen.length && !chosen.includes(String(row[other]))) continue;
    const key = row[of] ?? "unknown";
    sums[key] = (sums[key] ?? 0) + row.count;
  }
  return sums;
}

function tallyBy(features: Feature[], key: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const feature of features) {
    const value = String(feature.properties[key] ?? "unknown");
    sums[value] = (sums[value] ?? 0) + 1;
  }
  return sums;
}

function LayerSwitch({ layer, count }: { layer: LayerName; count?: number }) {
  const on = shownLayers.value.has(layer);
  return (
    <label class="switch">
      <input type="checkbox" checked={on} onChange={() => toggleLayer(layer)} />
      <LineSign layer={layer} />
      <span class="facet-name">{layerTitle(layer)}</span>
      {count !== undefined && <span class="num soft">{number(count)}</span>}
    </label>
  );
}

function MarkerLegend({ data }: Pick<PanelProps, "data">) {
  if (data.resources.markers?.error) return null; // said once, above
  return (
    <Loaded of={data.counts}>
      {(counts) => (
        <>
          <FacetList
            facet="stage"
            title={t("legend.stage")}
            counts={countsOf(counts, "stage")}
            sign={(value) => markerSign(value, "any")}
          />
          {countsOf(counts, "stage").unknown && (
            <p class="legend-note">
              <Sign parts={markerSign("", "any")} /> {t("legend.no_stage")}:{" "}
              {number(countsOf(counts, "stage").unknown ?? 0)}
            </p>
          )}
          <FacetList
            facet="condition"
            title={t("legend.condition")}
            counts={countsOf(counts, "condition")}
            sign={(value) => markerSign("handed_over", value)}
          />
          <p class="legend-note">
            <Sign parts={[indicativeHalo(), ...markerSign("handed_over", "intact")]} size={30} />
            {t("legend.indicative")}
          </p>
        </>
      )}
    </Loaded>
  );
}

function GateLegend({ gates }: { gates: Feature[] }) {
  return (
    <FacetList
      facet="gate_class"
      title={t("legend.gate_class")}
      counts={tallyBy(gates, "gate_class")}
      sign={gateSign}
    />
  );
}

function ProjectLegend({ projects }: { projects: Feature[] }) {
  return (
    <>
      <FacetList
        facet="finance_kind"
        title={t("legend.finance")}
        counts={tallyBy(projects, "finance_kind")}
        sign={(value) => projectSign(value, 1e8)}
      />
      <p class="legend-note">
        <Sign parts={hatchedArea("fdi", 10)} size={30} />
        {t("legend.area")}
      </p>
    </>
  );
}

export function LegendPanel({ data, box }: PanelProps) {
  const { all } = data;
  const shown = shownLayers.value;
  const size = (layer: LayerName) => (shown.has(layer) ? all[layer]?.length : undefined);
  return (
    <section data-testid="legend" aria-label={t("legend.title")}>
      {LAYERS.map((layer) => (
        <div class="legend-layer">
          <LayerSwitch layer={layer} count={size(layer)} />
          {layer === "markers" && shown.has(layer) && <MarkerLegend data={data} />}
          {layer === "gates" && shown.has(layer) && <GateLegend gates={all.gates ?? []} />}
          {layer === "projects" && shown.has(layer) && (
            <ProjectLegend projects={all.projects ?? []} />
          )}
        </div>
      ))}
      <ExportBox data={data} box={box} />
    </section>
  );
}
