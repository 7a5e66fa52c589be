import { expect, test } from "vitest";
import type { BBox, Feature, LonLat } from "../api/types";
import { groupByPosition, markerIndex } from "./groups";
import type { Points } from "./tiles";

function marker(id: string, position: string | null, lng: number, condition = "intact"): Feature {
  return {
    type: "Feature",
    id,
    geometry: { type: "Point", coordinates: [lng, 12] },
    properties: { position_id: position, condition },
  };
}

const twins = [marker("a", "p", 107), marker("b", "p", 107.001, "missing"), marker("c", "q", 109)];

test("markers of one position stay together; those without a point are left out", () => {
  const lost = { ...marker("d", "r", 0), geometry: null };
  const groups = groupByPosition([...twins, lost]);
  expect(groups.map((g) => g.markers.length)).toEqual([2, 1]);
  expect(groups[0]?.at[0]).toBeCloseTo(107.0005);
});

const WORLD: BBox = [100, 5, 115, 20];
const drawnAt = (zoom: number, points: Partial<Points>, dense = false) =>
  markerIndex({ features: [], gathered: [], ...points }, zoom, dense)(WORLD);

test("a cluster counts markers, not positions, and their conditions", () => {
  const [found, ...more] = drawnAt(3, { features: twins });
  expect(more).toEqual([]);
  const cluster = found && "cluster" in found ? found.cluster : null;
  expect(cluster?.markers).toBe(3);
  expect(cluster?.conditions).toEqual({ intact: 2, missing: 1 });
  expect(cluster?.bbox).toEqual([107.0005, 12, 109, 12]);
});

test("twins never become a cluster of their own", () => {
  const found = drawnAt(3, { features: twins.slice(0, 2) });
  expect(found).toHaveLength(1);
  expect(found[0] && "group" in found[0]).toBe(true);
});

test("what the server has gathered adds up with what stands alone", () => {
  const gathered = [
    { at: [107, 12] as LonLat, markers: 40, conditions: { intact: 39, leaning: 1 } },
  ];
  drawnAt(4, { features: twins, gathered }, true); // leaves what was given as it was
  const [found, ...more] = drawnAt(3, { features: twins, gathered }, true);
  expect(more).toEqual([]);
  expect(found && "cluster" in found && found.cluster).toMatchObject({
    markers: 43,
    conditions: { intact: 41, leaning: 1, missing: 1 },
  });
  expect(drawnAt(12, { features: twins, gathered })).toHaveLength(3);
});

test("two numbers never cover each other; a position by itself keeps its sign beside them", () => {
  const px = 360 / (256 * 2 ** 6); // degrees of longitude at zoom 6
  const at = [0, 10, 25, 35, 46].map((x, i) => marker(`m${i}`, null, 107 + x * px));
  const found = drawnAt(6, { features: at });
  const markers = found.map((one) => ("cluster" in one ? one.cluster.markers : 1));
  expect(markers.toSorted()).toEqual([1, 4]);
  const cluster = found.flatMap((one) => ("cluster" in one ? [one.cluster] : []))[0];
  expect(cluster?.conditions).toEqual({ intact: 4 });
  expect(cluster?.bbox).toEqual([107, 12, 107 + 35 * px, 12]);
});
