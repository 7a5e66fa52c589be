/** What surrounds a place on its map: provinces, borders, the island groups. */
import { useMemo } from "preact/hooks";
import type { BBox, Feature, FeatureCollection } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { info } from "../../i18n/words";
import { useResource } from "../../state/resource";

export interface Surroundings {
  units: Feature[];
  borders: Feature[];
  islands: Feature[];
}

const NONE: Feature[] = [];

function useFeatures(url: string | null): Feature[] {
  return useResource<FeatureCollection>(url).data?.features ?? NONE;
}

/** Island groups that the map's viewpoint draws. */
export function useIslands(): Feature[] {
  return useFeatures(info.value?.viewpoint === "vn" ? itemsUrl("islands") : null);
}

const boxText = (bbox: BBox | null) => bbox?.map((degrees) => degrees.toFixed(4)).join(",") ?? null;

/** Provinces that reach into `bbox`; empty until they have come. */
export function useUnits(bbox: BBox | null): Feature[] {
  const box = boxText(bbox);
  return useFeatures(box && itemsUrl("admin_units", { bbox: box, level: "province" }));
}

/** Provinces, border stretches and islands around a place; empty until they have come. */
export function useSurroundings(bbox: BBox | null): Surroundings {
  const box = boxText(bbox);
  const units = useUnits(bbox);
  const borders = useFeatures(box && itemsUrl("borders", { bbox: box, level: "stretch" }));
  const islands = useIslands();
  return useMemo(() => ({ units, borders, islands }), [units, borders, islands]);
}
