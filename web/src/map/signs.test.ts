import { expect, test } from "vitest";
import { below, gateSign, hatchedArea, markerSign, projectSide } from "./signs";

const square: [number, number][] = [
  [-4, -4],
  [4, -4],
  [4, 4],
  [-4, 4],
];

test("cutting a square at its middle leaves its lower half", () => {
  const ys = below(square, 0).map(([, y]) => y);
  expect(Math.min(...ys)).toBe(0);
  expect(Math.max(...ys)).toBe(4);
  expect(below(square, 5)).toEqual([]);
  expect(below(square, -5)).toHaveLength(4);
});

const outline = (condition: string) => markerSign("planned", condition)[0]?.d;

test("every condition has a shape of its own, but leaning is a circle with a stroke", () => {
  const conditions = ["intact", "damaged", "erosion_risk", "displaced", "missing", "unknown"];
  expect(new Set(conditions.map(outline)).size).toBe(conditions.length);
  expect(outline("leaning")).toBe(outline("intact"));
  expect(markerSign("planned", "leaning").length).toBe(markerSign("planned", "intact").length + 1);
});

test("the fill grows with the stage", () => {
  const heights = ["built", "accepted", "handed_over"].map((stage) => {
    const filled = markerSign(stage, "displaced").find((part) => part.fill === "#CC79A7");
    const ys = [...(filled?.d ?? "").matchAll(/-?[\d.]+ (-?[\d.]+)/g)].map((m) => Number(m[1]));
    return Math.max(...ys) - Math.min(...ys);
  });
  expect(heights).toEqual([7, 10.5, 14]);
});

test("an unknown condition is dashed", () => {
  expect(markerSign("built", "unknown").some((part) => part.dash)).toBe(true);
  expect(markerSign("built", "intact").some((part) => part.dash)).toBe(false);
});

test("an auxiliary gate is empty, an international one full", () => {
  const inked = (kind: string) =>
    gateSign(kind).filter((part) => part.fill === "var(--gate)").length;
  expect(inked("auxiliary")).toBe(0);
  expect(inked("international")).toBe(1);
});

test("a project's square grows with the logarithm of its amount, within limits", () => {
  expect(projectSide(null)).toBe(10);
  expect(projectSide(1e7) - projectSide(1e6)).toBeCloseTo(4);
  expect(projectSide(1e15)).toBe(26);
});

test("hatch lines stay inside the disc", () => {
  const lines = hatchedArea("oda", 20)[1]?.d ?? "";
  const ends = [...lines.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)];
  expect(ends.length).toBeGreaterThan(4);
  for (const [, x, y] of ends) expect(Math.hypot(Number(x), Number(y))).toBeLessThan(20.2);
});
