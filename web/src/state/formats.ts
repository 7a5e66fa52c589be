/** The forms in which the server hands out a layer, as its own answers link to them. */
import type { FeatureCollection } from "../api/types";
import { itemsUrl } from "../api/urls";
import { useResource } from "./resource";

export interface Format {
  name: string; // value of `f=`
  title: string;
}

const GEOJSON: Format = { name: "geojson", title: "GeoJSON" };

export function formatsOf(answer: FeatureCollection | null): Format[] {
  const found = new Map([[GEOJSON.name, GEOJSON]]);
  for (const { rel, href, type, title } of answer?.links ?? []) {
    const name = new URL(href, "http://host").searchParams.get("f");
    if (rel !== "alternate" || !name || name === "json" || type?.startsWith("text/html")) continue;
    found.set(name, { name, title: title ?? name.toUpperCase() });
  }
  return [...found.values()];
}

export function useFormats(layer: string): Format[] {
  return formatsOf(useResource<FeatureCollection>(itemsUrl(layer, { limit: 1 })).data);
}
