import { beforeEach, expect, test, vi } from "vitest";

const stored: Record<string, string> = {};
const storage = {
  getItem: (name: string) => stored[name] ?? null,
  setItem: (name: string, value: string) => Object.assign(stored, { [name]: value }),
  removeItem: (name: string) => delete stored[name],
};
/** As a browser's storage: its keys are its properties. */
vi.stubGlobal(
  "localStorage",
  new Proxy(stored, {
    get: (_, name) => storage[name as keyof typeof storage],
  }),
);
const { keep, kept } = await import("../kept");
const { forgetOwn, isNow, ownName, ownNames } = await import("./own");

beforeEach(() => {
  for (const name of Object.keys(stored)) delete stored[name];
  keep("theme", "dark");
  isNow("lan");
  keep(ownName("lan", "imports"), "moc.xlsx");
  keep(ownName("lan", "draft.markers/1"), "{}");
});

test("the same person finds what was kept", () => {
  isNow("lan");
  expect(kept(ownName("lan", "imports"))).toBe("moc.xlsx");
  expect(ownNames("lan", "draft.")).toHaveLength(1);
  expect(ownNames("minh", "draft.")).toEqual([]);
});

test.each([
  ["another person", () => isNow("minh")],
  ["nobody, after signing out", forgetOwn],
])("%s finds nothing, and how the page looks stays", (_, change) => {
  change();
  expect(Object.keys(stored).filter((name) => name.includes("lan."))).toEqual([]);
  expect(JSON.stringify(stored)).not.toContain("moc.xlsx");
  expect(kept("theme")).toBe("dark");
});
