import { expect, test } from "vitest";
import en from "./en.json";
import vi from "./vi.json";

const params = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();

test("every language has the same keys, with the same parameters", () => {
  expect(Object.keys(en).toSorted()).toEqual(Object.keys(vi).toSorted());
  for (const key of Object.keys(vi) as (keyof typeof vi)[]) {
    expect(params(en[key]), key).toEqual(params(vi[key]));
  }
});
