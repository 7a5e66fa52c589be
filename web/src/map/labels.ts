/** Names on the map; where two would overlap, the more important one stays. */
import L from "leaflet";
import type { Feature, LonLat } from "../api/types";
import { named } from "../i18n/words";
import { toLatLng } from "./adapter";
import { labelPoint } from "./geo";
import type { Group } from "./groups";
import { aside, clash, inside, type Rect } from "./rects";
import { element } from "./svg";
import type { Inset } from "./types";

export interface Name {
  at: LonLat;
  text: string;
  kind: "country" | "unit" | "place" | "gate" | "marker" | "island";
  rank: number; // the lower, the more important
  dy: number; // px below the anchor
  dx?: number; // px beside it, so that no edge of the map cuts the name
  island?: string; // id of the group that it names
}

const ADVANCE: Record<Name["kind"], number> = {
  country: 11,
  unit: 7.5,
  place: 6.6,
  gate: 6.6,
  marker: 6.6,
  island: 7,
}; // px for a letter
const HEIGHT = 16; // px
const BELOW = 23; // px from a sign to its name, clear of the ring of what is selected

/** Least population of a place that is named at a zoom. */
export function leastPopulation(zoom: number): number {
  if (zoom < 6) return 1_000_000;
  if (zoom < 7) return 300_000;
  if (zoom < 8) return 80_000;
  if (zoom < 9) return 30_000;
  return zoom < 10 ? 10_000 : 0;
}

export function placeNames(places: Feature[], zoom: number): Name[] {
  const least = leastPopulation(zoom);
  const names: Name[] = [];
  for (const place of places) {
    const population = Number(place.properties.population ?? 0);
    if (population < least || place.geometry?.type !== "Point") continue;
    const at = place.geometry.coordinates;
    const rank = 3 - Math.min(0.9, population / 1e7);
    names.push({ at, text: named(place.properties), kind: "place", rank, dy: 9 });
  }
  return names;
}

const PLAIN_UNIT = /^(Tỉnh|Thành phố|Thủ đô)\s+/;

export function unitNames(units: Feature[], zoom: number): Name[] {
  return units.flatMap((unit): Name[] => {
    const country = unit.properties.level === "country";
    if (country ? zoom > 7 : zoom < 7) return [];
    const at = labelPoint(unit.geometry);
    const text = named(unit.properties).replace(PLAIN_UNIT, "");
    const kind = country ? "country" : "unit";
    return at ? [{ at, text, kind, rank: country ? 0 : 2, dy: 0 }] : [];
  });
}

export function gateNames(gates: Feature[], zoom: number): Name[] {
  return gates.flatMap((gate): Name[] => {
    const great = ["international", "main"].includes(String(gate.properties.gate_class));
    if (gate.geometry?.type !== "Point" || zoom < (great ? 8 : 9.5)) return [];
    const text = named(gate.properties);
    return [
      { at: gate.geometry.coordinates, text, kind: "gate", rank: great ? 1.2 : 1.8, dy: BELOW },
    ];
  });
}

const NUMBER_ZOOM = 8.5; // from here on markers show their numbers

export function groupNames(groups: Group[], zoom: number): Name[] {
  if (zoom < NUMBER_ZOOM) return [];
  return groups.map((group) => {
    const numbers = group.markers.map((m) => String(m.properties.number ?? ""));
    const text =
      numbers.length > 1 ? (numbers[0] ?? "").replace(/\(\d+\)$/, "") : (numbers[0] ?? "");
    return { at: group.at, text, kind: "marker", rank: 1, dy: BELOW };
  });
}

export function islandNames(islands: Feature[]): Name[] {
  return islands.flatMap((group): Name[] => {
    const { label_lon, label_lat } = group.properties;
    const fixed = typeof label_lon === "number" && typeof label_lat === "number";
    const at: LonLat | null = fixed ? [label_lon, label_lat] : labelPoint(group.geometry);
    const text = named(group.properties, "statement") || named(group.properties);
    return at ? [{ at, text, kind: "island", rank: 0, dy: 12, island: group.id }] : [];
  });
}

function rectOf(map: L.Map, name: Name): Rect {
  const p = map.latLngToContainerPoint(toLatLng(name.at));
  const half = (name.text.length * ADVANCE[name.kind]) / 2 + 3;
  const y = p.y + name.dy;
  return [p.x - half, y - HEIGHT / 2, p.x + half, y + HEIGHT / 2];
}

/** What a sign covers, px: names keep off it. */
export interface Obstacle {
  at: LonLat;
  dx: number;
  reach: number;
}

function covered(map: L.Map, { at, dx, reach }: Obstacle): Rect {
  const p = map.latLngToContainerPoint(toLatLng(at));
  const r = Math.max(2, reach - 4);
  return [p.x + dx - r, p.y - r, p.x + dx + r, p.y + r];
}

const CORNER = 120; // px above the foot of a map that the inset of the islands takes
const BUTTONS = [64, 116] as const; // px of the upper right corner, and down from its inset

/** Those names that fit whole, the important first; an island group's if all of it is seen. */
export function placed(map: L.Map, names: Name[], obstacles: Obstacle[], inset: Inset): Name[] {
  const size = map.getSize();
  const screen: Rect = [0, 0, size.x, size.y];
  const clear: Rect = [0, inset.top, size.x, size.y - inset.bottom - CORNER];
  const buttons: Rect = [size.x - BUTTONS[0], 0, size.x, inset.top + BUTTONS[1]];
  const taken = [buttons, ...obstacles.map((one) => covered(map, one))];
  return [...names]
    .sort((a, b) => a.rank - b.rank)
    .flatMap((name) => {
      const rect = rectOf(map, name);
      const middle = (rect[0] + rect[2]) / 2;
      const dx = middle >= 0 && middle <= size.x ? aside(rect, size.x) : 0;
      rect[0] += dx;
      rect[2] += dx;
      if (!inside(rect, screen) || taken.some((other) => clash(rect, other))) return [];
      if (name.kind === "island" && !inside(rect, clear)) return [];
      taken.push(rect);
      return [{ ...name, dx }];
    });
}

/** The island groups are named on the map together or not at all: then their inset shows both. */
export function islandsTogether(placed: Name[], all: Name[]): Name[] {
  const groups = (names: Name[]) => names.filter(({ island }) => island).length;
  return groups(placed) === groups(all) ? placed : placed.filter(({ island }) => !island);
}

export function nameLayer(name: Name): L.Marker {
  const html = element("span", `map-name ${name.kind}`, name.text);
  html.style.margin = `${name.dy}px 0 0 ${name.dx ?? 0}px`;
  const icon = L.divIcon({ className: "sign-icon", html, iconSize: [0, 0] });
  return L.marker(toLatLng(name.at), { icon, pane: "names", interactive: false, keyboard: false });
}
