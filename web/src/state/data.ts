/** What the map screen shows: each layer's features under the present filters. */
import { useMemo } from "preact/hooks";
import type { BBox, Feature, FeatureCollection, PartnerSummary } from "../api/types";
import { itemsUrl, partnersUrl } from "../api/urls";
import { leastPopulation } from "../map/labels";
import type { Overlays, Role } from "../map/types";
import { offeredParams } from "./filters";
import { fold } from "./fold";
import { type MarkerData, useMarkers } from "./markers";
import { type Resource, useResource } from "./resource";
import { asked, type Facet, facets, panel, shownLayers, timeParams } from "./screen";

/** Properties that drawing and listing need; the drawer asks for the whole row. */
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
  markers: MarkerData; // they may be many: counted, listed by pages, drawn from tiles
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
  const { gate_class, finance_kind } = facets.value;
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
  const bbox = around(box);
  return itemsUrl("admin_units", { ...time, level: "province", bbox, properties: UNIT_PROPERTIES });
}

/** The box widened to whole degrees, so that a small move asks for nothing new. */
function around([w, s, e, n]: BBox): string {
  return [Math.floor(w), Math.floor(s), Math.ceil(e), Math.ceil(n)].join(",");
}

/** Towns in view that are large enough for their name to stand there. */
function placesUrl(view: Seen | null): string | null {
  if (!view || !shownLayers.value.has("places")) return null;
  const least = leastPopulation(view.zoom);
  const filter = least ? `population >= ${least}` : null;
  const bbox = around(view.box);
  return itemsUrl("places", { ...timeParams.value, filter, bbox, properties: PLACE_PROPERTIES });
}

/** What of the world is in view. */
export interface Seen {
  box: BBox;
  zoom: number;
}

function useCollections(view: Seen | null): Record<string, Collection> {
  const time = timeParams.value;
  const crossing = panel.value === "corridor" ? { province: null } : {}; // as a corridor does
  const on = (layer: string, url: string) => (shownLayers.value.has(layer) ? url : null);
  return {
    gates: useResource(
      on("gates", itemsUrl("gates", { ...offeredParams("gates"), properties: GATE_PROPERTIES })),
    ),
    projects: useResource(itemsUrl("projects", { ...offeredParams("projects"), ...crossing })),
    borders: useResource(on("borders", itemsUrl("borders", { ...time, level: "stretch" }))),
    corridors: useResource(on("corridors", itemsUrl("corridors", time))),
    places: useResource(placesUrl(view)),
    admin_units: useResource(unitsUrl(view?.box ?? null)),
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

export function useMapData(view: Seen | null): MapData {
  const resources = useCollections(view);
  const markers = useMarkers();
  const all: Record<string, Feature[]> = {};
  for (const [layer, resource] of Object.entries(resources)) {
    all[layer] = resource.data?.features ?? NONE;
  }
  return { resources, markers, all, overlays: useOverlays(all) };
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
