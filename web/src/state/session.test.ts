import { describe, expect, it } from "vitest";
import { nextPlace } from "./session";

describe("nextPlace", () => {
  it("goes to places of this site", () => {
    expect(nextPlace("/markers/vn-kh.48.0.1?lang=en")).toBe("/markers/vn-kh.48.0.1?lang=en");
  });

  it.each([
    null,
    "",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
  ])("does not go to %j", (asked) => {
    expect(nextPlace(asked)).toBe("/");
  });
});
