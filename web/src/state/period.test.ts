import { expect, test } from "vitest";
import { dayEnd, dayStart } from "./period";

test("a period holds its last day", () => {
  const [from, to] = [dayStart("2026-11-22"), dayEnd("2026-11-22")];
  expect(new Date(to ?? "").getTime() - new Date(from ?? "").getTime()).toBe(24 * 3600 * 1000);
  expect(new Date(from ?? "").getDate()).toBe(22);
});

test("no day is no limit, and what is no day is left for the server to refuse", () => {
  expect(dayStart(null)).toBeNull();
  expect(dayEnd("")).toBeNull();
  expect(dayEnd("soon")).toBe("soon");
});
