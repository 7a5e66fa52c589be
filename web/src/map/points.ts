/** Point signs as small SVG pictures; what is hit is worked out here, not by the browser. */
import L from "leaflet";
import type { BBox, Feature, LonLat } from "../api/types";
import { number } from "../i18n/format";
import { token } from "../theme/theme";
import { toLatLng } from "./adapter";
import type { Cluster, Group } from "./groups";
import {
  CONDITIONS_WORST_FIRST,
  conditionColour,
  gateSign,
  hatchedArea,
  indicativeHalo,
  markerSign,
  type Part,
  projectSide,
  projectSign,
} from "./signs";
import { element, type Placed, picture } from "./svg";
import type { FeatureRef, Role } from "./types";

/** A drawn sign and the places where a click means it. */
export interface Drawing {
  at: LonLat;
  html: Element;
  targets: Target[];
}

export interface Target {
  at: LonLat;
  dx: number; // px from `at`
  dy: number;
  reach: number; // px
  ref: FeatureRef | null;
  cluster?: BBox; // around what a cluster stands for
}

const TWIN_STEP = 15; // px between the signs of one position, joined by a bar
const FAN_STEP = 26; // px between them when fanned out
export const FAN_ZOOM = 10; // from here on positions are fanned out
const METRES_PER_PX = 156543.034; // at zoom 0 on the equator, Web Mercator

const isIndicative = (f: Feature): boolean => f.properties.position_quality === "indicative";
const indicativeOpacity = (): number => Number(token("--indicative")) || 1;
const text = (f: Feature, key: string): string => String(f.properties[key] ?? "unknown");

function bar(width: number): Part {
  return { d: `M${-width / 2} 0H${width / 2}`, stroke: "var(--sign-ring)", width: 3 };
}

/** Signs of a position side by side: on a bar from afar, apart when close. */
export function drawGroup(group: Group, zoom: number): Drawing {
  const step = zoom >= FAN_ZOOM ? FAN_STEP : TWIN_STEP;
  const width = step * (group.markers.length - 1);
  const indicative = group.markers.every(isIndicative);
  const opacity = indicative ? indicativeOpacity() : 1;
  const placed: Placed[] = [];
  if (indicative) placed.push({ parts: [indicativeHalo(width)], dx: 0, dy: 0 });
  if (width) placed.push({ parts: [bar(width)], dx: 0, dy: 0 });
  const targets = group.markers.map((marker, i): Target => {
    const dx = i * step - width / 2;
    const parts = markerSign(text(marker, "stage"), text(marker, "condition"));
    placed.push({ parts, dx, dy: 0 });
    return { at: group.at, dx, dy: 0, reach: 9, ref: { role: "markers", id: marker.id } };
  });
  return { at: group.at, html: picture(placed, opacity), targets };
}

/** A number, and under it a thin bar of conditions, the worst first. */
export function drawCluster(cluster: Cluster): Drawing {
  const box = element("div", "cluster");
  box.append(element("span", "cluster-number", number(cluster.markers)));
  const strip = element("span", "cluster-bar");
  for (const condition of CONDITIONS_WORST_FIRST) {
    const n = cluster.conditions[condition];
    if (!n) continue;
    const piece = element("i", "");
    piece.style.flexGrow = String(n);
    piece.style.background = conditionColour(condition);
    strip.append(piece);
  }
  box.append(strip);
  const target = { at: cluster.at, dx: 0, dy: 0, reach: 18, ref: null, cluster: cluster.bbox };
  return { at: cluster.at, html: box, targets: [target] };
}

function pointOf(feature: Feature): LonLat | null {
  return feature.geometry?.type === "Point" ? feature.geometry.coordinates : null;
}

function single(
  feature: Feature,
  role: Role,
  parts: Part[],
  reach: number,
  scale = 1,
): Drawing | null {
  const at = pointOf(feature);
  if (!at) return null;
  const target = { at, dx: 0, dy: 0, reach, ref: { role, id: feature.id } };
  const opacity = isIndicative(feature) ? indicativeOpacity() : 1;
  return { at, html: picture([{ parts, dx: 0, dy: 0, opacity, scale }]), targets: [target] };
}

const GATE_ZOOM = 7; // below it only international gates are drawn, and smaller
const SMALL = 0.62; // scale of signs far out

export function drawGate(gate: Feature, zoom: number): Drawing | null {
  const kind = text(gate, "gate_class");
  const far = zoom < GATE_ZOOM;
  if (far && kind !== "international") return null;
  return single(gate, "gates", gateSign(kind), 10, far ? SMALL : 1);
}

const AREA_MIN = { far: 9, close: 16 }; // px, least radius of a hatched area
const AREA_MAX = 120; // px

function areaRadius(project: Feature, at: LonLat, zoom: number): number {
  const metres = Number(project.properties.position_uncertainty_m ?? 0);
  const scale = (METRES_PER_PX * Math.cos((at[1] * Math.PI) / 180)) / 2 ** zoom;
  return Math.min(
    AREA_MAX,
    Math.max(zoom < GATE_ZOOM ? AREA_MIN.far : AREA_MIN.close, metres / scale),
  );
}

export function drawProject(project: Feature, zoom: number): Drawing | null {
  const at = pointOf(project);
  if (!at) return null;
  const kind = text(project, "finance_kind");
  const usd = (project.properties.amount_usd as number | null) ?? null;
  if (text(project, "location_exactness") === "exact") {
    return single(project, "projects", projectSign(kind, usd), projectSide(usd) / 2 + 2);
  }
  const r = areaRadius(project, at, zoom);
  return single(project, "projects", hatchedArea(kind, r), Math.min(r, 24));
}

const LEVEL = { projects: -4000, gates: 0, markers: 4000 } as const; // who lies above whom

export function toLayer(drawing: Drawing, pane: string): L.Marker {
  const icon = L.divIcon({
    className: "sign-icon",
    html: drawing.html as HTMLElement,
    iconSize: [0, 0],
  });
  const role = drawing.targets[0]?.ref?.role ?? "markers";
  const zIndexOffset = LEVEL[role as keyof typeof LEVEL] ?? 0;
  const still = { interactive: false, keyboard: false };
  return L.marker(toLatLng(drawing.at), { icon, pane, zIndexOffset, ...still });
}

/** The target nearest to a point of the screen within its reach (plus `slack` px). */
export function hit(map: L.Map, targets: Target[], p: L.Point, slack: number): Target | null {
  let best: Target | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const target of targets) {
    const at = map.latLngToContainerPoint(toLatLng(target.at));
    const d = Math.hypot(at.x + target.dx - p.x, at.y + target.dy - p.y) - target.reach;
    if (d <= slack && d < least) {
      best = target;
      least = d;
    }
  }
  return best;
}

/** The sign of a selected feature that a cluster has swallowed. */
export function hiddenSign(feature: Feature, role?: Role): Part[] {
  if (role === "gates") return gateSign(text(feature, "gate_class"));
  return role === "markers" ? markerSign(text(feature, "stage"), text(feature, "condition")) : [];
}
