import { expect, test, vi } from "vitest";

vi.stubGlobal("location", { pathname: "/", search: "?a=1&layers=x,y" });
vi.stubGlobal("addEventListener", () => undefined);
const { match, patched, queryText } = await import("./router");

test("a pattern gives its parameters, decoded", () => {
  expect(match("/markers/:id", "/markers/vn-kh.48.0.1")).toEqual({ id: "vn-kh.48.0.1" });
  expect(match("/partners/:code/embed", "/partners/LA-SV/embed")).toEqual({ code: "LA-SV" });
  expect(match("/partners/:code", "/partners")).toBeNull();
  expect(match("/markers/:id", "/gates/x")).toBeNull();
  expect(match("/markers/:id", "/markers/100%")).toEqual({ id: "100%" });
});

test("a patch sets and takes away, and leaves the rest", () => {
  const next = patched(new URLSearchParams("a=1&b=2"), { b: null, c: "x", d: "" });
  expect(queryText(next)).toBe("?a=1&c=x");
});

test("commas and slashes stay readable in the address", () => {
  expect(queryText(new URLSearchParams({ sel: "markers/vn-kh.48.0.1", at: "107,12,9" }))).toBe(
    "?sel=markers/vn-kh.48.0.1&at=107,12,9",
  );
});
