/** What the screen filters a layer by: parameters of its items, counts, tiles and files alike. */

import type { Params } from "../api/client";
import { allOf, cql2 } from "../api/cql2";
import { asked, type Facet, facets, placeParams, timeParams } from "./screen";

/** Facets that a layer has, and the properties that the text filter looks into. */
const FACETS_OF: Record<string, readonly Facet[]> = {
  markers: ["stage", "condition"],
  gates: ["gate_class"],
  projects: ["finance_kind"],
};
const TEXTS_OF: Record<string, readonly string[]> = {
  markers: ["number", "name_vi", "locality"],
  gates: ["name_vi", "name_en"],
  projects: ["name_vi", "name_en"],
};

function textFilter(layer: string): string | null {
  return cql2({ text: asked.value.text, within: TEXTS_OF[layer] });
}

/** The CQL2 condition of everything chosen, and of one more. */
export function filterOf(layer: string, more: string | null = null): string | null {
  const chosen = (FACETS_OF[layer] ?? []).map((facet) => [facet, facets.value[facet]]);
  return allOf(cql2({ values: Object.fromEntries(chosen) }), textFilter(layer), more);
}

/**
 * Day and place as parameters of their own: `province` knows every name that a province ever
 * had, and `border` the markers that stand on several; no condition on a property says that.
 */
function placeOf(layer: string): Params {
  const { datetime, province } = placeParams.value;
  if (layer === "markers" || layer === "gates") return placeParams.value;
  if (layer === "projects") return { datetime, province };
  return layer === "borders" ? { ...timeParams.value, level: "stretch" } : timeParams.value;
}

/** Parameters that leave what the screen shows of a layer. */
export function shownParams(layer: string, more: string | null = null): Params {
  return { ...placeOf(layer), filter: filterOf(layer, more) };
}

/** The same before a facet is chosen: what a legend counts. */
export function offeredParams(layer: string): Params {
  return { ...placeOf(layer), filter: textFilter(layer) };
}

/** The same as keywords of our own package; null where those cannot say it. */
export function keywordsOf(layer: string): Params | null {
  const chosen = (FACETS_OF[layer] ?? []).map((facet) => [facet, facets.value[facet]] as const);
  if (textFilter(layer) || chosen.some(([, values]) => values.length > 1)) return null;
  return { ...placeOf(layer), ...Object.fromEntries(chosen.map(([k, values]) => [k, values[0]])) };
}
