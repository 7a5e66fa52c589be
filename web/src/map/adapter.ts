/** The only place where Leaflet is set up; [lng, lat] is turned into its [lat, lng] here. */
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import type { BBox, LonLat } from "../api/types";
import type { View } from "./types";

export const toLatLng = ([lng, lat]: LonLat): L.LatLngTuple => [lat, lng];
export const fromLatLng = ({ lng, lat }: L.LatLng): LonLat => [lng, lat];
export const toBounds = ([w, s, e, n]: BBox): L.LatLngBoundsLiteral => [
  [s, w],
  [n, e],
];

export function bboxOfMap(map: L.Map, pad = 0): BBox {
  const b = map.getBounds().pad(pad);
  return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()];
}

export function viewOfMap(map: L.Map): View {
  const { lng, lat } = map.getCenter();
  return { center: [lng, lat], zoom: map.getZoom() };
}

export const WHOLE: BBox = [96, 7, 112, 24]; // degrees, where nothing else is asked

/** Panes from the ground up, with their z-index. */
const PANES = { relief: 210, units: 340, lines: 400, areas: 440, names: 560, signs: 580, top: 590 };

function addPanes(map: L.Map): void {
  for (const [name, z] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = String(z);
    if (name !== "lines") pane.style.pointerEvents = "none";
  }
}

export interface MapOptions {
  label: string;
  small: boolean;
}

const TOLERANCE = 10; // px around a line that still hits it

export function createMap(element: HTMLElement, { label, small }: MapOptions): L.Map {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    zoomControl: false,
    attributionControl: false,
    scrollWheelZoom: !small,
    zoomAnimation: !still,
    fadeAnimation: false,
    inertia: !still,
    minZoom: 4.5, // the tiles begin at 4, and half a step shows them enlarged
    maxZoom: 18,
    zoomSnap: 0.5,
    worldCopyJump: false,
    maxBounds: [
      [-30, 60],
      [50, 150],
    ],
    renderer: L.canvas({ tolerance: TOLERANCE, pane: "overlayPane" }),
  });
  addPanes(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", label);
  map.fitBounds(toBounds(WHOLE), { animate: false });
  return map;
}
