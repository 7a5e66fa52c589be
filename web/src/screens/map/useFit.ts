/** Which box the map is asked to show: at the start by what the address says, later on demand. */
import { useEffect, useState } from "preact/hooks";
import { request } from "../../api/client";
import type { BBox, Corridor, Feature, SearchResult } from "../../api/types";
import { corridorUrl, itemUrl, searchUrl } from "../../api/urls";
import { bboxOf } from "../../map/geo";
import type { Fit } from "../../map/types";
import { setQuery } from "../../router";
import {
  around,
  asked,
  corridorState,
  panel,
  type Selection,
  selection,
  view,
} from "../../state/screen";

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

const CONTEXT = 0.25; // degrees around a point that the address selects

async function extentOfItem({ layer, id }: Selection): Promise<BBox | null> {
  const url = itemUrl(layer, id, { datetime: asked.value.date });
  const box = bboxOf([(await request<Feature>(url)).geometry]);
  return box && around(box, CONTEXT);
}

async function startBox(): Promise<BBox> {
  const { province } = asked.value;
  if (province) return (await extentOfUnit(province)) ?? COUNTRY;
  const chosen = selection.value && (await extentOfItem(selection.value).catch(() => null));
  if (chosen) return chosen;
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
