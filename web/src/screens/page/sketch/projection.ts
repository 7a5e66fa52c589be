/**
 * The sketch map's projection: equirectangular, longitudes shortened by the cosine of the middle
 * latitude. Distances are right at that latitude and within 2 % over a province. North is up.
 */

import type { BBox, LonLat } from "../../../api/types";

export type XY = readonly [number, number]; // px from the top left

export interface Frame {
  width: number; // px
  height: number; // px
  bbox: BBox; // what the frame shows, padding included
  metresPerPx: number;
  project(point: LonLat): XY;
}

const METRES_PER_DEGREE = 111_195; // of latitude, on a sphere of 6,371,009 m
const SMALLEST_SPAN = 0.02; // degrees; a single point gets a map of about 2 km

function widened(bbox: BBox): BBox {
  const [w, s, e, n] = bbox;
  const x = Math.max(0, SMALLEST_SPAN - (e - w)) / 2;
  const y = Math.max(0, SMALLEST_SPAN - (n - s)) / 2;
  return [w - x, s - y, e + x, n + y];
}

/** A frame of this size that shows all of `bbox`, with `padding` px around it. */
export function fitFrame(bbox: BBox, width: number, height: number, padding = 16): Frame {
  const [w, s, e, n] = widened(bbox);
  const [midLon, midLat] = [(w + e) / 2, (s + n) / 2];
  const shrink = Math.cos((midLat * Math.PI) / 180);
  const pxPerDegree = Math.min(
    (width - 2 * padding) / ((e - w) * shrink),
    (height - 2 * padding) / (n - s),
  );
  const halfLon = width / 2 / (pxPerDegree * shrink);
  const halfLat = height / 2 / pxPerDegree;
  return {
    width,
    height,
    bbox: [midLon - halfLon, midLat - halfLat, midLon + halfLon, midLat + halfLat],
    metresPerPx: METRES_PER_DEGREE / pxPerDegree,
    project: ([lon, lat]) => [
      width / 2 + (lon - midLon) * pxPerDegree * shrink,
      height / 2 - (lat - midLat) * pxPerDegree,
    ],
  };
}

/** The box around `centre` that reaches `km` to each side. */
export function boxAround([lon, lat]: LonLat, km: number): BBox {
  const dLat = (km * 1000) / METRES_PER_DEGREE;
  const dLon = dLat / Math.cos((lat * Math.PI) / 180);
  return [lon - dLon, lat - dLat, lon + dLon, lat + dLat];
}

/** The smallest box that holds all boxes; null where there is none. */
export function unionBoxes(boxes: readonly (BBox | null | undefined)[]): BBox | null {
  const known = boxes.filter((box): box is BBox => box != null);
  if (!known.length) return null;
  return [
    Math.min(...known.map((b) => b[0])),
    Math.min(...known.map((b) => b[1])),
    Math.max(...known.map((b) => b[2])),
    Math.max(...known.map((b) => b[3])),
  ];
}

/** The largest 1, 2 or 5 × 10ⁿ that is not above `value` (> 0). */
export function niceBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}

/** A scale bar of a round length, at most `maxPx` long. */
export function scaleBar(metresPerPx: number, maxPx: number): { metres: number; px: number } {
  const metres = niceBelow(metresPerPx * maxPx);
  return { metres, px: metres / metresPerPx };
}

/** N of the scale 1 : N when the frame is printed `widthMm` wide, to two significant figures. */
export function scaleRatio(frame: Frame, widthMm: number): number {
  const exact = (frame.metresPerPx * frame.width * 1000) / widthMm;
  const step = 10 ** (Math.floor(Math.log10(exact)) - 1);
  return Math.round(exact / step) * step;
}

const GRID_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]; // degrees

/** Multiples of a round step between `from` and `to`, about `wanted` of them. */
export function gridLines(from: number, to: number, wanted: number): number[] {
  const step = GRID_STEPS.find((s) => (to - from) / s <= wanted) ?? 10;
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    return Number(((first + i) * step).toFixed(2));
  });
}
