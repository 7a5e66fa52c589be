import { expect, test } from "vitest";
import { bboxOf, contains, labelPoint } from "./geo";

test("a box is [w, s, e, n] over all geometries", () => {
  const box = bboxOf([
    { type: "Point", coordinates: [107, 12] },
    null,
    { type: "LineString", coordinates: [[106, 13], [108, 11]] },
  ]); // biome-ignore format: short
  expect(box).toEqual([106, 11, 108, 13]);
  expect(contains([106, 11, 108, 13], [107, 12])).toBe(true);
  expect(contains([106, 11, 108, 13], [12, 107])).toBe(false);
});

test("the name of an area stands in its largest part", () => {
  const ring = (x: number, size: number): [number, number][] => [
    [x, 0],
    [x + size, 0],
    [x + size, size],
    [x, size],
    [x, 0],
  ];
  const at = labelPoint({ type: "MultiPolygon", coordinates: [[ring(0, 1)], [ring(10, 4)]] });
  expect(at).toEqual([12, 2]);
});
