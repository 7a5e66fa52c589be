/** Markers gathered by position, and positions by place: what is drawn at a zoom. */
import Supercluster from "supercluster";
import type { BBox, Feature, LonLat } from "../api/types";
import { bboxOf, contains } from "./geo";
import type { Gathered, Points } from "./tiles";

/** The markers that stand at one position: twins and triples stay together. */
export interface Group {
  id: string;
  at: LonLat;
  markers: Feature[];
}

export interface Cluster extends Gathered {
  bbox: BBox; // around what it stands for, as far as that is known
}

export type Drawn = { group: Group } | { cluster: Cluster };

/** How positions merge: a register of thousands merges further than one of dozens. */
const SPARSE = { radius: 15, maxZoom: 9 }; // px within which positions merge; last zoom that does
const DENSE = { radius: 40, maxZoom: 16 };
const BADGE = 40; // px that a cluster's number takes; nearer ones would cover each other
const TILE = 256; // px
const EVERYWHERE: BBox = [-180, -90, 180, 90];
export const MANY = 500; // markers from which on a register is dense

function mean(points: LonLat[]): LonLat {
  const sum = points.reduce<LonLat>((a, p) => [a[0] + p[0], a[1] + p[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

function pointOf(marker: Feature): LonLat {
  return (marker.geometry as { coordinates: LonLat }).coordinates;
}

/** Markers with a point, by `position_id` (their own id where it is null). */
export function groupByPosition(markers: readonly Feature[]): Group[] {
  const found = new Map<string, Feature[]>();
  for (const marker of markers) {
    if (marker.geometry?.type !== "Point") continue;
    const id = String(marker.properties.position_id ?? marker.id);
    const members = found.get(id);
    if (members) members.push(marker);
    else found.set(id, [marker]);
  }
  return [...found].map(([id, members]) => ({
    id,
    markers: members,
    at: mean(members.map(pointOf)),
  }));
}

/** How many of the markers are in each condition. */
export function tally(markers: readonly Feature[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const marker of markers) {
    const condition = String(marker.properties.condition ?? "unknown");
    counts[condition] = (counts[condition] ?? 0) + 1;
  }
  return counts;
}

function add(into: Record<string, number>, more: Record<string, number>): void {
  for (const [key, n] of Object.entries(more)) into[key] = (into[key] ?? 0) + n;
}

type Piece = { group: Group } | { gathered: Gathered & { bbox?: BBox } };
type Sums = Pick<Gathered, "markers" | "conditions">;

const placeOf = (piece: Piece): LonLat => ("group" in piece ? piece.group : piece.gathered).at;

/** A sum of its own for Supercluster to add to. */
function sumsOf(piece: Piece): Sums {
  if ("gathered" in piece) {
    const { markers, conditions } = piece.gathered;
    return { markers, conditions };
  }
  return { markers: piece.group.markers.length, conditions: tally(piece.group.markers) };
}

function around(pieces: Piece[]): BBox {
  const corners = pieces.flatMap<LonLat>((piece) => {
    const box = "gathered" in piece && piece.gathered.bbox;
    return box
      ? [
          [box[0], box[1]],
          [box[2], box[3]],
        ]
      : [placeOf(piece)];
  });
  return bboxOf([{ type: "MultiPoint", coordinates: corners }]) as BBox;
}

function alone(piece: Piece): Drawn {
  if ("group" in piece) return piece;
  return { cluster: { ...piece.gathered, bbox: around([piece]) } };
}

/** Gives what is drawn within a box. */
export type MarkerIndex = (bbox: BBox) => Drawn[];

/** Merge what would overlap at a zoom; `dense` where the register holds many markers. */
export function markerIndex(points: Points, zoom: number, dense: boolean): MarkerIndex {
  const pieces: Piece[] = [
    ...groupByPosition(points.features).map((group) => ({ group })),
    ...points.gathered.map((gathered) => ({ gathered })),
  ];
  const { radius, maxZoom } = dense ? DENSE : SPARSE;
  const level = Math.floor(zoom);
  if (level > maxZoom) {
    return (bbox) => pieces.filter((piece) => contains(bbox, placeOf(piece))).map(alone);
  }
  return radius < BADGE ? apart(pieces, level, radius) : merged(pieces, level, radius);
}

/** Merge positions within `radius`, and then those numbers that would cover each other. */
function apart(pieces: Piece[], level: number, radius: number): MarkerIndex {
  const first = merged(pieces, level, radius)(EVERYWHERE);
  const numbers = first.flatMap((one) => ("cluster" in one ? [{ gathered: one.cluster }] : []));
  const drawn = [
    ...first.filter((one) => "group" in one),
    ...merged(numbers, level, BADGE)(EVERYWHERE),
  ];
  return (bbox) =>
    drawn.filter((one) => contains(bbox, ("group" in one ? one.group : one.cluster).at));
}

function merged(pieces: Piece[], level: number, radius: number): MarkerIndex {
  const index = new Supercluster<{ piece: Piece }, Sums>({
    radius,
    extent: TILE,
    minZoom: level,
    maxZoom: level,
    map: ({ piece }) => sumsOf(piece),
    reduce: (sum, more) => {
      sum.markers += more.markers;
      sum.conditions = { ...sum.conditions };
      add(sum.conditions, more.conditions);
    },
  });
  index.load(
    pieces.map((piece) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: placeOf(piece) },
      properties: { piece },
    })),
  );
  return (bbox) => index.getClusters(bbox, level).map((found) => drawn(index, found));
}

type Index = Supercluster<{ piece: Piece }, Sums>;

function drawn(index: Index, { geometry, properties }: ReturnType<Index["getClusters"]>[0]): Drawn {
  if (!("cluster" in properties)) return alone(properties.piece);
  const { cluster_id, markers, conditions } = properties;
  const leaves = index.getLeaves(cluster_id, Number.POSITIVE_INFINITY);
  const bbox = around(leaves.map((leaf) => leaf.properties.piece));
  return { cluster: { at: geometry.coordinates as LonLat, markers, conditions, bbox } };
}
