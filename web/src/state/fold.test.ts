import { expect, test } from "vitest";
import { fold } from "./fold";

test("Đắk Nông is found in every spelling", () => {
  const spellings = ["Đắk Nông", "Đăk Nông", "Dak Nong", "ĐẮK NÔNG", "dak nong"];
  expect(new Set(spellings.map(fold))).toEqual(new Set(["dak nong"]));
});
