/** Markers gathered by position, and positions by place: what is drawn at a zoom. */
import Supercluster from "supercluster";
import type { BBox, Feature, LonLat } from "../api/types";

/** The markers that stand at one position: twins and triples stay together. */
export interface Group {
  id: string;
  at: LonLat;
  markers: Feature[];
}

export interface Sums {
  markers: number;
  conditions: Record<string, number>;
}

export interface Cluster extends Sums {
  at: LonLat;
  cluster: number; // id within the index, for its expansion zoom
}

export type Drawn = { group: Group } | { cluster: Cluster };

/** How positions merge: a register of thousands merges further than one of dozens. */
const SPARSE = { radius: 30, maxZoom: 9 }; // px within which positions merge; last zoom that does
const DENSE = { radius: 48, maxZoom: 12 };
const MANY = 500; // markers from which on a register is dense

function mean(points: LonLat[]): LonLat {
  const sum = points.reduce<LonLat>((a, p) => [a[0] + p[0], a[1] + p[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

function pointOf(marker: Feature): LonLat {
  return (marker.geometry as { coordinates: LonLat }).coordinates;
}

/** Markers with a point, by `position_id` (their own id where it is null). */
export function groupByPosition(markers: Feature[]): Group[] {
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
export function tally(markers: Feature[]): Record<string, number> {
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

export interface MarkerIndex {
  within(bbox: BBox, zoom: number): Drawn[];
  expansionZoom(cluster: number): number;
}

export function markerIndex(markers: Feature[]): MarkerIndex {
  const groups = groupByPosition(markers);
  const index = new Supercluster<{ group: Group }, Sums>({
    ...(markers.length < MANY ? SPARSE : DENSE),
    map: ({ group }) => ({ markers: group.markers.length, conditions: tally(group.markers) }),
    reduce: (sum, more) => {
      sum.markers += more.markers;
      sum.conditions = { ...sum.conditions };
      add(sum.conditions, more.conditions);
    },
  });
  index.load(
    groups.map((group) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: group.at },
      properties: { group },
    })),
  );
  return {
    within: (bbox, zoom) => index.getClusters(bbox, Math.floor(zoom)).map(drawn),
    expansionZoom: (cluster) => index.getClusterExpansionZoom(cluster),
  };
}

type Found = ReturnType<Supercluster<{ group: Group }, Sums>["getClusters"]>[number];

function drawn(found: Found): Drawn {
  const at = found.geometry.coordinates as LonLat;
  if (!("cluster" in found.properties)) return { group: found.properties.group };
  const { cluster_id, markers, conditions } = found.properties;
  return { cluster: { at, cluster: cluster_id, markers, conditions } };
}
