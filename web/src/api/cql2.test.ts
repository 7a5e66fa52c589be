import { expect, test } from "vitest";
import { allOf, cql2 } from "./cql2";

test("values of one property are alternatives, properties go together", () => {
  expect(cql2({ values: { stage: ["built", "accepted"], condition: ["missing"] } })).toBe(
    "stage IN ('built','accepted') AND condition IN ('missing')",
  );
});

test("rows without a value are asked for by IS NULL", () => {
  expect(cql2({ values: { stage: ["null"] } })).toBe("stage IS NULL");
  expect(cql2({ values: { stage: ["built", "null"] } })).toBe(
    "(stage IN ('built') OR stage IS NULL)",
  );
});

test("nothing wanted is no filter", () => {
  expect(cql2({})).toBeNull();
  expect(cql2({ values: { stage: [] }, text: "  ", within: ["number"] })).toBeNull();
  expect(allOf(null, null)).toBeNull();
});

test("text is found whatever its case and accents, in any of the properties", () => {
  expect(cql2({ text: " Đắk ", within: ["number", "name_vi"] })).toBe(
    "(CASEI(ACCENTI(number)) LIKE CASEI(ACCENTI('%Đắk%')) OR " +
      "CASEI(ACCENTI(name_vi)) LIKE CASEI(ACCENTI('%Đắk%')))",
  );
});

test("quotes and signs of patterns stand for themselves", () => {
  expect(cql2({ values: { stage: ["a' OR '1'='1"] } })).toBe("stage IN ('a'' OR ''1''=''1')");
  expect(cql2({ text: "5%_\\'", within: ["number"] })).toBe(
    "CASEI(ACCENTI(number)) LIKE CASEI(ACCENTI('%5\\%\\_\\\\''%'))",
  );
});
