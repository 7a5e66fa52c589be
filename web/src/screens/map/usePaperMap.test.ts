import { expect, test } from "vitest";
import { onPaper } from "./usePaperMap";

test("a desk's map is shrunk to the width of the sheet, whole", () => {
  const laid = onPaper(962, 768, { top: 0, bottom: 0 });
  const [width, height] = [laid["shown-width"], laid["shown-height"]].map(Number.parseFloat);
  expect(width).toBeLessThanOrEqual(672); // 178 mm between the margins of A4
  expect((width as number) / (height as number)).toBeCloseTo(962 / 768, 3);
});

test("of a phone's map only what nothing covers is printed", () => {
  const laid = onPaper(390, 844, { top: 64, bottom: 220 });
  const scale = Number(laid.scale);
  expect(scale).toBeGreaterThan(0.7); // names of 12 px stay readable
  expect(Number.parseFloat(laid["shown-height"])).toBeCloseTo(560 * scale, 3);
  expect(laid.covered).toBe("64px");
});

test("a small map is enlarged a little at most", () => {
  expect(Number(onPaper(200, 150, { top: 0, bottom: 0 }).scale)).toBeLessThanOrEqual(1.25);
});
