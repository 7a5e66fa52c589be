/** Small geometry on [lng, lat] and [w, s, e, n], degrees. */
import type { BBox, Feature, Geometry, LonLat } from "../api/types";

function* positions(coordinates: unknown): Generator<LonLat> {
  if (!Array.isArray(coordinates)) return;
  if (typeof coordinates[0] === "number") yield coordinates as LonLat;
  else for (const part of coordinates) yield* positions(part);
}

/** Smallest box around the geometries; null where there is none. */
export function bboxOf(geometries: (Geometry | null | undefined)[]): BBox | null {
  let box: BBox | null = null;
  for (const geometry of geometries) {
    for (const [x, y] of positions(geometry?.coordinates)) {
      if (!box) box = [x, y, x, y];
      box = [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
    }
  }
  return box;
}

export function contains([w, s, e, n]: BBox, [x, y]: LonLat): boolean {
  return x >= w && x <= e && y >= s && y <= n;
}

/** The point itself, or the middle of the geometry's box. */
export function anchorOf(feature: Feature): LonLat | null {
  if (feature.geometry?.type === "Point") return feature.geometry.coordinates;
  const box = bboxOf([feature.geometry]);
  return box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

function ringArea(ring: LonLat[]): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[j] as LonLat;
    const b = ring[i] as LonLat;
    sum += a[0] * b[1] - b[0] * a[1];
  }
  return sum / 2;
}

function ringCentroid(ring: LonLat[]): LonLat {
  let x = 0;
  let y = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[j] as LonLat;
    const b = ring[i] as LonLat;
    const cross = a[0] * b[1] - b[0] * a[1];
    x += (a[0] + b[0]) * cross;
    y += (a[1] + b[1]) * cross;
  }
  const area6 = 6 * ringArea(ring);
  return area6 ? [x / area6, y / area6] : (ring[0] as LonLat);
}

function outerRings(geometry: Geometry | null): LonLat[][] {
  if (geometry?.type === "Polygon") return geometry.coordinates.slice(0, 1);
  if (geometry?.type === "MultiPolygon") return geometry.coordinates.flatMap((p) => p.slice(0, 1));
  return [];
}

const labelPoints = new WeakMap<Geometry, LonLat | null>(); // asked for at every move of the map

/** Where to write the name of an area: the centroid of its largest outer ring. */
export function labelPoint(geometry: Geometry | null): LonLat | null {
  if (!geometry) return null;
  const known = labelPoints.get(geometry);
  if (known !== undefined) return known;
  const found = centreOfLargest(geometry);
  labelPoints.set(geometry, found);
  return found;
}

function centreOfLargest(geometry: Geometry): LonLat | null {
  const rings = outerRings(geometry);
  const largest = rings.reduce<LonLat[] | null>(
    (best, ring) => (!best || Math.abs(ringArea(ring)) > Math.abs(ringArea(best)) ? ring : best),
    null,
  );
  return largest && ringCentroid(largest);
}
