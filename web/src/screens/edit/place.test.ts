import { describe, expect, it } from "vitest";
import { readPlace } from "./place";

const AT = [107.123457, 12.345678];

describe("readPlace", () => {
  it.each([
    "12.345678, 107.123457",
    "12.345678 107.123457",
    "12,345678; 107,123457",
    "12,345678 107,123457",
    "12.345678° N, 107.123457° E",
    "107.123457° E 12.345678° N",
    "12°20′44.4408″N 107°07′24.4452″E",
    "12°20'44,4408\"B 107°7'24,4452\"Đ",
    "N 12°20'44.4408\" E 107°07'24.4452\"",
  ])("reads %s", (text) => {
    const found = readPlace(text);
    expect(found?.[0]).toBeCloseTo(AT[0] as number, 6);
    expect(found?.[1]).toBeCloseTo(AT[1] as number, 6);
  });

  it.each(["", "12.3", "abc", "12.3 107.1 5", "107.1, 12.3 5", "112.3, 107.1"])(
    "does not read %s",
    (text) => {
      expect(readPlace(text)).toBeNull();
    },
  );

  it("knows south and west", () => {
    expect(readPlace("12.5 S 107.25 W")).toEqual([-107.25, -12.5]);
  });
});
