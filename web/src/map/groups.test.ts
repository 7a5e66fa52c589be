import { expect, test } from "vitest";
import type { Feature } from "../api/types";
import { groupByPosition, markerIndex } from "./groups";

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

test("a cluster counts markers, not positions, and their conditions", () => {
  const [found, ...more] = markerIndex(twins).within([100, 5, 115, 20], 3);
  expect(more).toEqual([]);
  const cluster = found && "cluster" in found ? found.cluster : null;
  expect(cluster?.markers).toBe(3);
  expect(cluster?.conditions).toEqual({ intact: 2, missing: 1 });
});

test("twins never become a cluster of their own", () => {
  const found = markerIndex(twins.slice(0, 2)).within([100, 5, 115, 20], 3);
  expect(found).toHaveLength(1);
  expect(found[0] && "group" in found[0]).toBe(true);
});
