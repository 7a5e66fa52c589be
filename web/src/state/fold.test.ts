import { expect, test } from "vitest";
import { fold } from "./fold";

test("accents of other languages fold too", () => {
  expect(fold("Kratié")).toBe("kratie");
});

test("Đắk Nông is found in every spelling", () => {
  const spellings = ["Đắk Nông", "Đăk Nông", "Dak Nong", "ĐẮK NÔNG", "dak nong"];
  expect(new Set(spellings.map(fold))).toEqual(new Set(["dak nong"]));
});
