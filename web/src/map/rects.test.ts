import { expect, test } from "vitest";
import { aside } from "./rects";

test.each([
  [[10, 0, 110, 16], 400, 0],
  [[-30, 0, 70, 16], 400, 30],
  [[350, 0, 450, 16], 400, -50],
  [[-30, 0, 420, 16], 400, 0], // too long for the map: it stays in its place
] as const)("what covers %j of a map of %d px gives way by %d px", (rect, width, far) => {
  expect(aside([...rect], width)).toBe(far);
});
