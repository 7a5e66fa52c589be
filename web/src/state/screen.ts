/** The map screen's state, all of it read from the URL and written back to it. */
import { computed } from "@preact/signals";
import type { BBox, LonLat } from "../api/types";
import { today } from "../i18n/words";
import type { View } from "../map/types";
import { navigate, type Patch, patched, path, query, queryText, setQuery } from "../router";

/** Layers that the switch offers, by the name of their collection, in its order. */
export const LAYERS = [
  "markers",
  "borders",
  "gates",
  "corridors",
  "projects",
  "admin_units",
  "places",
] as const;
export type LayerName = (typeof LAYERS)[number];

export const PANELS = [
  "legend",
  "list",
  "progress",
  "corridor",
  "projects",
  "cooperation",
] as const;
export type Panel = (typeof PANELS)[number];

export interface Selection {
  layer: string;
  id: string;
}

export const FACETS = ["stage", "condition", "gate_class", "finance_kind"] as const;
export type Facet = (typeof FACETS)[number];

/** One parameter as a signal: what follows from it changes only when its text does. */
const parameter = (key: string) => computed(() => query.value.get(key));
const list = (text: string | null): string[] => text?.split(",").filter(Boolean) ?? [];

const layersText = parameter("layers");
export const shownLayers = computed<ReadonlySet<string>>(
  () => new Set(layersText.value === null ? LAYERS : list(layersText.value)),
);

export function toggleLayer(layer: LayerName): void {
  const next = LAYERS.filter((name) => (name === layer) !== shownLayers.value.has(name));
  const all = next.length === LAYERS.length;
  setQuery({ layers: all ? null : next.join(",") || "none" });
}

const stageText = parameter("stage");
const conditionText = parameter("condition");
const gateText = parameter("gate_class");
const financeText = parameter("finance_kind");
export const facets = computed<Record<Facet, string[]>>(() => ({
  stage: list(stageText.value),
  condition: list(conditionText.value),
  gate_class: list(gateText.value),
  finance_kind: list(financeText.value),
}));

export function toggleFacet(facet: Facet, value: string): void {
  const chosen = facets.value[facet];
  const next = chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value];
  setQuery({ [facet]: next.join(",") });
}

export const asked = computed(() => ({
  date: query.value.get("date"), // YYYY-MM-DD; null = today
  province: query.value.get("province"),
  border: query.value.get("border"),
  text: query.value.get("text"),
}));

/** The day that the map shows, YYYY-MM-DD. */
export const shownDate = computed(() => asked.value.date ?? today.value);

/** Parameters of items, counts and exports that every layer takes. */
export const timeParams = computed(() => ({ datetime: asked.value.date }));
export const placeParams = computed(() => ({
  datetime: asked.value.date,
  province: asked.value.province,
  border: asked.value.border,
}));

export const selection = computed<Selection | null>(() => {
  const [layer, ...rest] = (query.value.get("sel") ?? "").split("/");
  return layer && rest.length ? { layer, id: rest.join("/") } : null;
});

export function select(next: Selection | null): void {
  setQuery({ sel: next && `${next.layer}/${next.id}` });
}

/** Addresses of the map screen; the panel follows from them. */
export const MAP_PATHS = ["/", "/progress", "/corridors"];

const PANEL_OF_PATH: Record<string, Panel> = { "/progress": "progress", "/corridors": "corridor" };
const PATH_OF_PANEL: Partial<Record<Panel, string>> = {
  progress: "/progress",
  corridor: "/corridors",
};

/** The open panel; null when it is folded away. */
export const panel = computed<Panel | null>(() => {
  const named = query.value.get("panel");
  if (named === "none") return null;
  if (PANELS.includes(named as Panel)) return named as Panel;
  return PANEL_OF_PATH[path.value] ?? "legend";
});

/** Parameters of other screens, which mean nothing elsewhere. */
export const OF_ONE_SCREEN = { step: null, start: null, level: null, import: null };

export function panelHref(next: Panel): string {
  const to = PATH_OF_PANEL[next];
  const name = to || next === "legend" ? null : next;
  const patch = { ...OF_ONE_SCREEN, panel: name, sel: null, sheet: null };
  return (to ?? "/") + queryText(patched(query.value, patch));
}

export function openPanel(next: Panel): void {
  navigate(panelHref(next));
}

export function foldPanel(folded: boolean): void {
  setQuery({ panel: folded ? "none" : null });
}

export const SHEETS = ["peek", "half", "full"] as const;
export type Sheet = (typeof SHEETS)[number];

/** Height of the phone's bottom sheet. */
export const sheet = computed<Sheet>(() => {
  const named = query.value.get("sheet") as Sheet | null;
  if (named && SHEETS.includes(named)) return named;
  return selection.value || panel.value !== "legend" ? "half" : "peek";
});

export function setSheet(next: Sheet): void {
  setQuery({ sheet: next }, { replace: true });
}

const DECIMALS = 4; // of a degree in the address, 10 m

export const view = computed<View | null>(() => {
  const [lng, lat, zoom] = (query.value.get("at") ?? "").split(",").map(Number);
  if (lng === undefined || lat === undefined || !Number.isFinite(lng + lat)) return null;
  const at: LonLat = [lng, lat];
  return Number.isFinite(zoom) ? { center: at, zoom: zoom as number } : null;
});

export function setView(next: View, patch: Patch = {}): void {
  const [lng, lat] = next.center;
  const at = [lng.toFixed(DECIMALS), lat.toFixed(DECIMALS), next.zoom].join(",");
  setQuery({ at, ...patch }, { replace: true });
}

export const corridorState = computed(() => ({
  id: query.value.get("corridor") ?? "ewec",
  km: clampKm(query.value.get("km")),
}));

export const KM_MAX = 100; // reach of the slider
const KM_DEFAULT = 20;

function clampKm(text: string | null): number {
  const km = text === null ? KM_DEFAULT : Number(text);
  return Number.isFinite(km) ? Math.min(KM_MAX, Math.max(0, km)) : KM_DEFAULT;
}

/** Around a point, degrees: what a search result without extent is shown with. */
export function around([w, s, e, n]: BBox, margin = 0.15): BBox {
  return w === e && s === n ? [w - margin, s - margin, e + margin, n + margin] : [w, s, e, n];
}
