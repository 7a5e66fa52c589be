/** The sign of one row, as lists and drawer show it. */
import type { Properties } from "../api/types";
import {
  corridorSign,
  gateSign,
  hatchedArea,
  indicativeHalo,
  markerSign,
  type Part,
  projectSign,
} from "./signs";

const AREA = 11; // px, radius of a hatched area in a list

function signOfMarker(p: Properties): Part[] {
  const halo = p.position_quality === "indicative" ? [indicativeHalo()] : [];
  return [...halo, ...markerSign(String(p.stage ?? ""), String(p.condition ?? "unknown"))];
}

function signOfProject(p: Properties): Part[] {
  const kind = String(p.finance_kind ?? "unknown");
  const usd = typeof p.amount_usd === "number" ? p.amount_usd : null;
  return p.location_exactness === "exact" ? projectSign(kind, usd) : hatchedArea(kind, AREA);
}

const SIGNS: Record<string, (p: Properties) => Part[]> = {
  markers: signOfMarker,
  gates: (p) => gateSign(String(p.gate_class ?? "unknown")),
  projects: signOfProject,
  corridors: (p) => corridorSign(p.geometry_quality === "schematic"),
};

/** Null for layers that are drawn as areas or not at all. */
export function rowSign(layer: string, properties: Properties): Part[] | null {
  return SIGNS[layer]?.(properties) ?? null;
}
