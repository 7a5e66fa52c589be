import { expect, test } from "vitest";
import type { BBox, Geometry } from "../../../api/types";
import { type Box, freest, overlap, placeLabels, textBox, widestSpan } from "./labels";
import {
  boxAround,
  fitFrame,
  gridLines,
  niceBelow,
  scaleBar,
  scaleRatio,
  unionBoxes,
} from "./projection";
import { areaPath, cutLine, cutRing, linePath, thin } from "./shapes";

const SAVANNAKHET: BBox = [104.7, 15.8, 106.8, 17.1];

function haversine([x1, y1]: number[], [x2, y2]: number[]): number {
  const rad = (v = 0) => (v * Math.PI) / 180;
  const [a, b] = [rad(y1), rad(y2)];
  const h =
    Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin((rad(x2) - rad(x1)) / 2) ** 2;
  return 2 * 6_371_009 * Math.asin(Math.sqrt(h)); // m
}

test("north is up, east is right, and the whole box is inside the padding", () => {
  const frame = fitFrame(SAVANNAKHET, 680, 480, 28);
  const [left, bottom] = frame.project([104.7, 15.8]);
  const [right, top] = frame.project([106.8, 17.1]);
  expect(right).toBeGreaterThan(left);
  expect(bottom).toBeGreaterThan(top);
  for (const x of [left, right]) expect(x).toBeGreaterThanOrEqual(27.99);
  for (const x of [left, right]) expect(x).toBeLessThanOrEqual(652.01);
});

test("distances on the drawing agree with the sphere within 2 %, in every direction", () => {
  const frame = fitFrame(SAVANNAKHET, 680, 480);
  const pairs = [
    [[104.75, 16.55], [106.6, 16.62]], // Savannakhet town to Lao Bảo
    [[105.5, 15.85], [105.5, 17.05]],
    [[104.8, 15.9], [106.7, 17.0]],
  ] as [[number, number], [number, number]][]; // biome-ignore format: pairs
  for (const [a, b] of pairs) {
    const [p, q] = [frame.project(a), frame.project(b)];
    const drawn = Math.hypot(p[0] - q[0], p[1] - q[1]) * frame.metresPerPx;
    expect(drawn / haversine(a, b)).toBeCloseTo(1, 1.7);
  }
});

test("a point alone gets a map of a few kilometres, not an endless zoom", () => {
  const frame = fitFrame([107.1, 12.3, 107.1, 12.3], 600, 400);
  expect(frame.metresPerPx * frame.width).toBeGreaterThan(1500);
  expect(frame.project([107.1, 12.3])).toEqual([300, 200]);
});

test("the box around a point reaches as far east as north on the ground", () => {
  const [w, s, e, n] = boxAround([106.6, 16.6], 10);
  expect(haversine([106.6, s], [106.6, n])).toBeCloseTo(20_000, -2);
  expect(haversine([w, 16.6], [e, 16.6])).toBeCloseTo(20_000, -2);
});

test("boxes are joined and missing ones are left out", () => {
  expect(unionBoxes([null, [1, 2, 3, 4], [0, 3, 2, 9]])).toEqual([0, 2, 3, 9]);
  expect(unionBoxes([null, undefined])).toBeNull();
});

test("scale bars have round lengths that fit", () => {
  expect([9, 10, 19, 23, 49, 77].map(niceBelow)).toEqual([5, 10, 10, 20, 20, 50]);
  const bar = scaleBar(370, 120);
  expect(bar.metres).toBe(20_000);
  expect(bar.px).toBeCloseTo(54.05, 1);
});

test("1 : N follows from the printed width", () => {
  const frame = fitFrame(SAVANNAKHET, 680, 480);
  const kilometres = (frame.metresPerPx * 680) / 1000;
  const exact = (kilometres * 1_000_000) / 178; // mm on the ground by mm on paper
  expect(Math.abs(scaleRatio(frame, 178) / exact - 1)).toBeLessThan(0.05);
});

test("grid lines are round degrees inside the frame", () => {
  expect(gridLines(104.52, 106.98, 6)).toEqual([105, 105.5, 106, 106.5]);
  expect(gridLines(-0.6, 0.6, 3)).toEqual([-0.5, 0, 0.5]);
});

test("a ring is cut at the frame and keeps what is inside", () => {
  const ring = cutRing([[-100, 50], [50, -100], [200, 50], [50, 200]], 100, 100); // biome-ignore format: ring
  for (const [x, y] of ring) {
    expect(x).toBeGreaterThanOrEqual(-6);
    expect(x).toBeLessThanOrEqual(106);
    expect(y).toBeGreaterThanOrEqual(-6);
    expect(y).toBeLessThanOrEqual(106);
  }
  expect(ring.length).toBeGreaterThan(3);
  expect(cutRing([[300, 300], [320, 300], [320, 330]], 100, 100)).toEqual([]); // biome-ignore format: ring
});

test("a line that leaves the frame and comes back is drawn as two", () => {
  const runs = cutLine([[10, 10], [20, 10], [500, 10], [600, 10], [500, 90], [20, 90]], 100, 100); // biome-ignore format: line
  expect(runs.length).toBe(2);
});

test("thinning keeps ends and corners and drops what lies on the line", () => {
  const line = [[0, 0], [5, 0.1], [10, 0], [10, 10]] as [number, number][]; // biome-ignore format: line
  expect(thin(line, 0.35)).toEqual([[0, 0], [10, 0], [10, 10]]); // biome-ignore format: line
});

test("paths are empty where there is nothing in the frame", () => {
  const frame = fitFrame(SAVANNAKHET, 680, 480);
  const far: Geometry = { type: "LineString", coordinates: [[10, 50], [11, 51]] }; // biome-ignore format: line
  expect(linePath(far, frame)).toBe("");
  expect(areaPath(null, frame)).toBe("");
  expect(linePath({ type: "LineString", coordinates: [[105, 16], [106, 16.5]] }, frame)).toMatch(/^M[\d. L]+$/); // biome-ignore format: line
});

test("an area is labelled inside itself, even when it is bent", () => {
  const bent = [[0, 0], [100, 0], [100, 20], [20, 20], [20, 100], [0, 100]] as [number, number][]; // biome-ignore format: ring
  const at = widestSpan([bent])?.at;
  expect(at).toBeDefined();
  const [x, y] = at as [number, number];
  expect((y < 20 && x < 100) || (x < 20 && y < 100)).toBe(true);
  expect(widestSpan([])).toBeNull();
});

test("the inset goes where it hides the fewest points", () => {
  const corner = { x: 80, y: 80, w: 20, h: 20 };
  const other = { x: 0, y: 0, w: 20, h: 20 };
  expect(freest([corner, other], [[90, 90]])).toBe(other);
  expect(freest([corner, other], [[50, 50]])).toBe(corner);
  expect(
    freest(
      [corner, other],
      [
        [90, 90],
        [5, 5],
      ],
    ),
  ).toBe(corner);
});

test("names never lie on each other, and the first asked for wins", () => {
  const wish = { text: "Savannakhet", at: [50, 50], size: 12, gap: 0 } as const;
  const many = Array.from({ length: 9 }, () => wish);
  const placed = placeLabels(many, [], 100, 100);
  expect(placed.length).toBeGreaterThan(1);
  expect(placed.length).toBeLessThan(9);
  const boxes: Box[] = placed.map((p) => textBox(p.text, p.size, p));
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false);
  }
});
