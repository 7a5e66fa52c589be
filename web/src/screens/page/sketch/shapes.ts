/** Turning GeoJSON into short SVG paths: project, cut to the frame, thin out. All in px. */
import type { Geometry, LonLat } from "../../../api/types";
import type { Frame, XY } from "./projection";

const MARGIN = 6; // px beyond the frame, so that cut edges stay out of sight
const TOLERANCE = 0.35; // px

/** The rings of a polygon or multipolygon; empty for other types. */
export function ringsOf(geometry: Geometry | null): LonLat[][] {
  if (geometry?.type === "Polygon") return geometry.coordinates;
  if (geometry?.type === "MultiPolygon") return geometry.coordinates.flat();
  return [];
}

/** The parts of a line or multiline; empty for other types. */
export function linesOf(geometry: Geometry | null): LonLat[][] {
  if (geometry?.type === "LineString") return [geometry.coordinates];
  if (geometry?.type === "MultiLineString") return geometry.coordinates;
  return [];
}

type Inside = (p: XY) => boolean;
type Cross = (a: XY, b: XY) => XY;

function cutSide(ring: readonly XY[], inside: Inside, cross: Cross): XY[] {
  const out: XY[] = [];
  ring.forEach((b, i) => {
    const a = ring[(i || ring.length) - 1] as XY;
    if (inside(a) !== inside(b)) out.push(cross(a, b));
    if (inside(b)) out.push(b);
  });
  return out;
}

function atX(x: number): Cross {
  return (a, b) => [x, a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0])];
}

function atY(y: number): Cross {
  return (a, b) => [a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]), y];
}

/** Cut a ring to the frame (Sutherland–Hodgman, CACM 17(1), 1974). */
export function cutRing(ring: readonly XY[], width: number, height: number): XY[] {
  const [right, bottom] = [width + MARGIN, height + MARGIN];
  let out = cutSide(ring, (p) => p[0] >= -MARGIN, atX(-MARGIN));
  out = cutSide(out, (p) => p[0] <= right, atX(right));
  out = cutSide(out, (p) => p[1] >= -MARGIN, atY(-MARGIN));
  return cutSide(out, (p) => p[1] <= bottom, atY(bottom));
}

function touches(a: XY, b: XY, width: number, height: number): boolean {
  return (
    Math.max(a[0], b[0]) >= -MARGIN &&
    Math.min(a[0], b[0]) <= width + MARGIN &&
    Math.max(a[1], b[1]) >= -MARGIN &&
    Math.min(a[1], b[1]) <= height + MARGIN
  );
}

/** The runs of a line that come near the frame. */
export function cutLine(line: readonly XY[], width: number, height: number): XY[][] {
  const runs: XY[][] = [];
  let run: XY[] | null = null;
  line.slice(1).forEach((b, i) => {
    const a = line[i] as XY;
    if (!touches(a, b, width, height)) {
      run = null;
      return;
    }
    if (!run) {
      run = [a];
      runs.push(run);
    }
    run.push(b);
  });
  return runs;
}

function offLine(p: XY, a: XY, b: XY): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length2 = dx * dx + dy * dy;
  const t = length2 ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2 : 0;
  const s = Math.min(1, Math.max(0, t));
  return Math.hypot(p[0] - a[0] - s * dx, p[1] - a[1] - s * dy);
}

function farthest(line: readonly XY[], from: number, to: number): [number, number] {
  let [index, far] = [from, 0];
  for (let i = from + 1; i < to; i++) {
    const d = offLine(line[i] as XY, line[from] as XY, line[to] as XY);
    if (d > far) [index, far] = [i, d];
  }
  return [index, far];
}

/** Drop points that lie within `tolerance` px of the line (Douglas–Peucker 1973). */
export function thin(line: readonly XY[], tolerance = TOLERANCE): XY[] {
  if (line.length < 3) return [...line];
  const keep = new Set([0, line.length - 1]);
  const todo: [number, number][] = [[0, line.length - 1]];
  for (let span = todo.pop(); span; span = todo.pop()) {
    const [index, far] = farthest(line, ...span);
    if (far <= tolerance) continue;
    keep.add(index);
    todo.push([span[0], index], [index, span[1]]);
  }
  return line.filter((_, i) => keep.has(i));
}

function pen(points: readonly XY[]): string {
  return points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
}

/** The rings of an area in the frame, cut and thinned. */
export function framedRings(geometry: Geometry | null, frame: Frame): XY[][] {
  return ringsOf(geometry)
    .map((ring) => cutRing(ring.map(frame.project), frame.width, frame.height))
    .map((ring) => thin(ring))
    .filter((ring) => ring.length > 2);
}

/** SVG path data of an area; empty where it lies outside the frame. */
export function areaPath(geometry: Geometry | null, frame: Frame): string {
  return framedRings(geometry, frame)
    .map((ring) => `M${pen(ring)}Z`)
    .join("");
}

/** SVG path data of a line; empty where it lies outside the frame. */
export function linePath(geometry: Geometry | null, frame: Frame): string {
  return linesOf(geometry)
    .flatMap((line) => cutLine(line.map(frame.project), frame.width, frame.height))
    .map((run) => `M${pen(thin(run))}`)
    .join("");
}
