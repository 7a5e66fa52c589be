/** The legend that is the filter: what each sign means, how many there are, press to see only those. */
import type { ComponentChildren } from "preact";
import { NO_VALUE } from "../../api/cql2";
import type { Counts, Feature } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { label, layerTitle, words } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import {
  borderSign,
  corridorSign,
  gateSign,
  hatchedArea,
  indicativeHalo,
  markerSign,
  type Part,
  projectSign,
} from "../../map/signs";
import { setQuery } from "../../router";
import type { MapData } from "../../state/data";
import {
  type Facet,
  facets,
  LAYERS,
  type LayerName,
  shownLayers,
  toggleFacet,
  toggleLayer,
} from "../../state/screen";
import { distinct, tallyBy } from "../../state/tally";
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

function noValue(facet: Facet): string {
  return t(facet === "stage" ? "legend.no_stage" : "common.unknown");
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
      <span class="facet-name">{value === NO_VALUE ? noValue(facet) : label(facet, value)}</span>
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
  const values = [...words(facet).map((word) => word.value), NO_VALUE];
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
    const key = row[of] ?? NO_VALUE;
    sums[key] = (sums[key] ?? 0) + row.count;
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

function Note({ parts, children }: { parts: Part[]; children: ComponentChildren }) {
  return (
    <p class="legend-note">
      <Sign parts={parts} size={30} />
      {children}
    </p>
  );
}

function BorderLegend() {
  return (
    <>
      <Note parts={borderSign(true)}>{t("page.legend.border")}</Note>
      <Note parts={borderSign(false)}>{t("page.legend.border-open")}</Note>
    </>
  );
}

function MarkerLegend({ data }: Pick<PanelProps, "data">) {
  if (data.markers.counts.error) return null; // said once, above
  return (
    <Loaded of={data.markers.offered}>
      {(counts) => (
        <>
          <FacetList
            facet="stage"
            title={t("legend.stage")}
            counts={countsOf(counts, "stage")}
            sign={(value) => markerSign(value, "any")}
          />
          <FacetList
            facet="condition"
            title={t("legend.condition")}
            counts={countsOf(counts, "condition")}
            sign={(value) => markerSign("handed_over", value)}
          />
          <Note parts={[indicativeHalo(), ...markerSign("", "any")]}>{t("legend.indicative")}</Note>
          <p class="legend-note">
            <span class="cluster-sample" aria-hidden="true">
              12
            </span>
            {t("legend.cluster")}
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
      <Note parts={hatchedArea("unknown", 11)}>{t("legend.area")}</Note>
    </>
  );
}

/** What is counted of a layer whose rows are pieces. */
const WHOLE: Partial<Record<LayerName, string>> = { corridors: "corridor_id", borders: "border" };

/** How many there are, once that is known; not said of what is loaded for the view alone. */
function sizeOf(layer: LayerName, data: MapData): number | undefined {
  if (layer === "markers") return data.markers.offered.data?.total;
  if (layer === "places" || layer === "admin_units") return undefined;
  const features = data.resources[layer]?.data?.features;
  if (!features) return undefined;
  const whole = WHOLE[layer];
  return whole ? distinct(features, whole) : features.length;
}

function Details({ layer, data }: { layer: LayerName; data: MapData }) {
  const features = data.all[layer] ?? [];
  if (layer === "markers") return <MarkerLegend data={data} />;
  if (layer === "borders") return <BorderLegend />;
  if (layer === "gates") return <GateLegend gates={features} />;
  if (layer === "projects") return <ProjectLegend projects={features} />;
  if (layer !== "corridors") return null;
  return <Note parts={corridorSign(true)}>{t("page.legend.corridor-schematic")}</Note>;
}

export function LegendPanel({ data, box }: PanelProps) {
  const shown = shownLayers.value;
  return (
    <section class="legend" data-testid="legend" aria-label={t("legend.title")}>
      {LAYERS.map((layer) => (
        <div class="legend-layer" data-layer={layer}>
          <LayerSwitch layer={layer} count={shown.has(layer) ? sizeOf(layer, data) : undefined} />
          {shown.has(layer) && <Details layer={layer} data={data} />}
        </div>
      ))}
      <ExportBox data={data} box={box} />
    </section>
  );
}
