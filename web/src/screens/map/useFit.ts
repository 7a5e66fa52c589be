/** Which box the map is asked to show: at the start by what the address says, later on demand. */
import { useEffect, useState } from "preact/hooks";
import { request } from "../../api/client";
import type { BBox, Corridor, SearchResult } from "../../api/types";
import { corridorUrl, searchUrl } from "../../api/urls";
import type { Fit } from "../../map/types";
import { setQuery } from "../../router";
import { around, asked, corridorState, panel, view } from "../../state/screen";

export type Show = (bbox: BBox) => void;

const COUNTRY: BBox = [101.9, 8.4, 109.9, 23.5]; // degrees: the three land borders

/** Extent of the unit that a name means, or null. */
export async function extentOfUnit(name: string): Promise<BBox | null> {
  const { results } = await request<{ results: SearchResult[] }>(
    searchUrl(name, 10, "admin_units"),
  );
  const unit = results.find((r) => r.layer === "admin_units" && r.bbox);
  return unit?.bbox ?? null;
}

async function startBox(): Promise<BBox> {
  const { province } = asked.value;
  if (province) return (await extentOfUnit(province)) ?? COUNTRY;
  if (panel.value !== "corridor") return COUNTRY;
  return (await request<Corridor>(corridorUrl(corridorState.value.id))).bbox ?? COUNTRY;
}

export function useFit(): { fit: Fit | null; show: Show } {
  const [fit, setFit] = useState<Fit | null>(null);
  const go = (bbox: BBox) => setFit({ bbox: around(bbox), key: `${bbox.join()} ${Date.now()}` });
  useEffect(() => {
    if (view.value) return;
    startBox().then(go, () => go(COUNTRY));
  }, []);
  const show = (bbox: BBox) => {
    setQuery({ at: null }, { replace: true });
    go(bbox);
  };
  return { fit, show };
}
