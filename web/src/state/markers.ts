/** Markers may be many: their counts, a page of those in view, and those without a place. */
import { useMemo } from "preact/hooks";
import type { BBox, Counts, FeatureCollection } from "../api/types";
import { countsUrl, itemsUrl, PAGE, tilesUrl } from "../api/urls";
import { MANY } from "../map/groups";
import type { MarkerTiles } from "../map/types";
import { offeredParams, shownParams } from "./filters";
import { type Pages, usePages } from "./pages";
import { type Resource, useResource } from "./resource";
import { facets, shownLayers } from "./screen";

/** Properties that listing needs; the drawer asks for the whole row. */
const PROPERTIES = "number,name_vi,province,stage,condition,position_quality";
const POSITION = "position_id";
const DECIMALS = 5; // of a degree in the asked box

export interface MarkerData {
  counts: Resource<Counts>; // of what all filters leave, by stage and condition
  offered: Resource<Counts>; // the same before stages and conditions are chosen
  unplaced: Resource<FeatureCollection>; // the first that no public source places
  tiles: MarkerTiles;
}

/** Positions and markers: two counts, never one over the other. */
export function bothOf({ total, distinct }: Counts): { positions: number; markers: number } {
  return { positions: distinct?.[POSITION] ?? 0, markers: total };
}

const by = (params: object): string =>
  countsUrl("markers", "stage,condition", { ...params, distinct: POSITION });

export function useMarkers(): MarkerData {
  const { stage, condition } = facets.value;
  const params = shownParams("markers");
  const narrowed = stage.length + condition.length > 0;
  const counts = useResource<Counts>(by(params));
  const before = useResource<Counts>(narrowed ? by(offeredParams("markers")) : null);
  const offered = before.data ? before : counts;
  const lost = shownParams("markers", "geometry IS NULL");
  const unplaced = useResource<FeatureCollection>(
    itemsUrl("markers", { ...lost, properties: PROPERTIES, limit: PAGE }),
  );
  const template = shownLayers.value.has("markers") ? tilesUrl("markers", params) : "";
  const dense = (counts.data?.total ?? 0) >= MANY;
  const tiles = useMemo(() => ({ template, dense }), [template, dense]);
  return { counts, offered, unplaced, tiles };
}

export const boxText = (box: BBox): string => box.map((v) => v.toFixed(DECIMALS)).join(",");

/** Those in view, page by page; nothing before the view is known. */
export function useMarkersInView(box: BBox | null): Pages {
  const on = box && shownLayers.value.has("markers");
  return usePages(
    on
      ? itemsUrl("markers", {
          ...shownParams("markers"),
          bbox: boxText(box),
          properties: PROPERTIES,
          limit: PAGE,
        })
      : null,
  );
}

/** How many positions and markers the register holds of a border, whatever is chosen. */
export function useHeld(border: string): Resource<Counts> {
  const { datetime, province } = offeredParams("markers");
  return useResource<Counts>(
    countsUrl("markers", "border", { datetime, province, border, distinct: POSITION }),
  );
}
