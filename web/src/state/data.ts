/** What the map screen shows: each layer's features under the present filters. */
import { useMemo } from "preact/hooks";
import type { BBox, Counts, Feature, FeatureCollection, PartnerSummary } from "../api/types";
import { countsUrl, itemsUrl, partnersUrl } from "../api/urls";
import type { Overlays, Role } from "../map/types";
import { fold } from "./fold";
import { type Resource, useResource } from "./resource";
import { asked, type Facet, facets, panel, placeParams, shownLayers, timeParams } from "./screen";

/** Properties that drawing and listing need; the drawer asks for the whole row. */
const MARKER_PROPERTIES =
  "number,name_vi,position_id,border,province,stage,condition,position_quality";
const GATE_PROPERTIES = "name_vi,name_en,border,province,gate_class,position_quality";

const PLACE_PROPERTIES = "name_vi,name_en,population";
const UNIT_PROPERTIES = "name_vi,name_en,level";
const WIDE = 9; // degrees of longitude in view, above which provinces are not named

export const ROLE_OF: Record<string, Role> = {
  admin_units: "units",
  borders: "borders",
  corridors: "corridor",
  projects: "projects",
  places: "places",
  gates: "gates",
  markers: "markers",
  islands: "islands",
};

export const LAYER_OF = Object.fromEntries(Object.entries(ROLE_OF).map(([l, r]) => [r, l]));

type Collection = Resource<FeatureCollection>;

export interface MapData {
  resources: Record<string, Collection>;
  counts: Resource<Counts>;
  all: Record<string, Feature[]>; // before facets, by layer
  overlays: Overlays; // after facets, shown layers only
}

const NONE: Feature[] = [];

function passes(feature: Feature, chosen: Partial<Record<Facet, string[]>>): boolean {
  return Object.entries(chosen).every(
    ([key, values]) => !values.length || values.includes(String(feature.properties[key])),
  );
}

/** The features of a layer that the chosen facets leave. */
export function facetted(layer: string, features: Feature[]): Feature[] {
  const { stage, condition, gate_class, finance_kind } = facets.value;
  if (layer === "markers") return features.filter((f) => passes(f, { stage, condition }));
  if (layer === "gates") return features.filter((f) => passes(f, { gate_class }));
  if (layer === "projects") return features.filter((f) => passes(f, { finance_kind }));
  return features;
}

/** Names of countries from afar, of the provinces in view when close. */
function unitsUrl(box: BBox | null): string | null {
  if (!box) return null;
  const time = timeParams.value;
  if (box[2] - box[0] > WIDE) return itemsUrl("admin_units", { ...time, level: "country" });
  if (!shownLayers.value.has("admin_units")) return null;
  const [w, s, e, n] = [
    Math.floor(box[0]),
    Math.floor(box[1]),
    Math.ceil(box[2]),
    Math.ceil(box[3]),
  ];
  const bbox = [w, s, e, n].join(",");
  return itemsUrl("admin_units", { ...time, level: "province", bbox, properties: UNIT_PROPERTIES });
}

function useCollections(box: BBox | null): Record<string, Collection> {
  const time = timeParams.value;
  const place = placeParams.value;
  const { datetime } = place;
  const province = panel.value === "corridor" ? null : place.province; // a corridor crosses them
  const on = (layer: string, url: string) => (shownLayers.value.has(layer) ? url : null);
  return {
    markers: useResource(itemsUrl("markers", { ...place, properties: MARKER_PROPERTIES })),
    gates: useResource(on("gates", itemsUrl("gates", { ...place, properties: GATE_PROPERTIES }))),
    projects: useResource(itemsUrl("projects", { datetime, province })),
    borders: useResource(on("borders", itemsUrl("borders", { ...time, level: "stretch" }))),
    corridors: useResource(on("corridors", itemsUrl("corridors", time))),
    places: useResource(
      on("places", itemsUrl("places", { ...time, properties: PLACE_PROPERTIES })),
    ),
    admin_units: useResource(unitsUrl(box)),
    islands: useResource(itemsUrl("islands", time)),
  };
}

function useOverlays(all: Record<string, Feature[]>): Overlays {
  const chosen = facets.value;
  const shown = shownLayers.value;
  const inputs = Object.keys(ROLE_OF).map((layer) => all[layer]);
  return useMemo(() => {
    const overlays: Overlays = {};
    for (const [layer, role] of Object.entries(ROLE_OF)) {
      const features = facetted(layer, all[layer] ?? NONE);
      if (layer === "islands" || shown.has(layer)) overlays[role] = features;
    }
    return overlays;
  }, [...inputs, chosen, shown]);
}

export function useMapData(box: BBox | null): MapData {
  const resources = useCollections(box);
  const counts = useResource<Counts>(countsUrl("markers", "stage,condition", placeParams.value));
  const all: Record<string, Feature[]> = {};
  for (const [layer, resource] of Object.entries(resources)) {
    all[layer] = resource.data?.features ?? NONE;
  }
  return { resources, counts, all, overlays: useOverlays(all) };
}

/** Parameters that give exactly what the map shows of a layer. */
export function exportParams(layer: string): Record<string, string | null> {
  const { stage, condition, gate_class, finance_kind } = facets.value;
  const join = (values: string[]) => values.join(",") || null;
  const place = placeParams.value;
  if (layer === "markers") return { ...place, stage: join(stage), condition: join(condition) };
  if (layer === "gates") return { ...place, gate_class: join(gate_class) };
  if (layer === "projects") {
    const { datetime, province } = place;
    return { datetime, province, finance_kind: join(finance_kind) };
  }
  return layer === "borders" ? { ...timeParams.value, level: "stretch" } : timeParams.value;
}

export interface Cut {
  layer: string;
  n: number; // features that came
  total: number; // features that there are
}

/** Layers of which the server gave only a part. */
export function cutLayers({ resources }: MapData): Cut[] {
  return Object.entries(resources).flatMap(([layer, { data }]) => {
    const [n, total] = [data?.features.length ?? 0, data?.numberMatched ?? 0];
    return total > n ? [{ layer, n, total }] : [];
  });
}

/** Positions and markers: two counts, never one over the other. */
export function countPositions(markers: Feature[]): { positions: number; markers: number } {
  const positions = new Set(markers.map((m) => m.properties.position_id ?? m.id));
  return { positions: positions.size, markers: markers.length };
}

export function usePartners(): PartnerSummary[] {
  return useResource<{ partners: PartnerSummary[] }>(partnersUrl).data?.partners ?? [];
}

/** The border asked for, else the one that the asked province lies on, else Cambodia's. */
export function useBorder(): string {
  const partners = usePartners();
  const { border, province } = asked.value;
  if (border) return border;
  const face = partners.find((p) => p.faces.some((f) => sameName(f.name_vi, province)));
  return face ? `VN-${face.country.toUpperCase()}` : "VN-KH";
}

function sameName(a: string, b: string | null): boolean {
  return b !== null && fold(a) === fold(b);
}
