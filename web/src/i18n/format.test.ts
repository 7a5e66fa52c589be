import { beforeAll, expect, test, vi } from "vitest";

vi.stubGlobal("location", { pathname: "/", search: "" });
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("document", { documentElement: { lang: "" } });

let format: typeof import("./format");
let i18n: typeof import("./index");

beforeAll(async () => {
  i18n = await import("./index");
  format = await import("./format");
});

test("Vietnamese writes a decimal comma and the day first", () => {
  i18n.lang.value = "vi";
  expect(format.number(1449.566)).toBe("1.449,566");
  expect(format.date("2014-06-30")).toBe("30/06/2014");
  expect(format.date("2014-06")).toBe("06/2014");
});

test("coordinates name their system and put latitude first", () => {
  i18n.lang.value = "vi";
  expect(format.coordinates([107.5566083, 14.6860556], 4)).toBe("14,6861° B; 107,5566° Đ (WGS 84)");
  expect(format.plainCoordinates([107.5566083, 14.6860556], 4)).toBe("14.6861, 107.5566");
  i18n.lang.value = "en"; // in Vietnamese N would be Nam, the south
  expect(format.coordinates([107.5566083, 14.6860556], 4)).toBe("14.6861° N; 107.5566° E (WGS 84)");
});

test("money says its size in words and keeps its currency", () => {
  i18n.lang.value = "vi";
  expect(format.money(100_000_000, "USD")).toBe("100 triệu USD");
  i18n.lang.value = "en";
  expect(format.money(2_500_000_000, "THB")).toBe("2.5 billion THB");
});

test("metres turn into kilometres when there are many", () => {
  i18n.lang.value = "en";
  expect(format.metres(60600)).toBe("60.6 km");
  expect(format.metres(0.5)).toBe("0.5 m");
});

test("words fill in their parameters", () => {
  i18n.lang.value = "vi";
  expect(i18n.t("marker.title", { no: "48(1)" })).toBe("Mốc 48(1)");
});
