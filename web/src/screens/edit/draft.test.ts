import { describe, expect, it } from "vitest";
import type { Feature } from "../../api/types";
import { merge } from "./draft";
import { draftOf, fieldsOf } from "./form";

const FIELDS = fieldsOf({
  title: "",
  properties: {
    locality: { title: "địa bàn", type: "string" },
    height_m: { title: "độ cao", type: "number" },
    note: { title: "ghi chú", type: "string" },
  },
});
const row = (properties: Feature["properties"]): Feature => ({
  type: "Feature",
  id: "x",
  geometry: null,
  properties,
});

describe("merging", () => {
  const base = row({ locality: "Thuận Hạnh", height_m: 600, note: null });

  it("takes what only they changed and keeps what only I did", () => {
    const theirs = row({ locality: "Thuận Hà", height_m: 600, note: null });
    const mine = { ...draftOf(FIELDS, base.properties), note: "đo lại" };
    const { draft, clashes, taken } = merge(FIELDS, base, theirs, mine);
    expect(draft).toEqual({ locality: "Thuận Hà", height_m: "600", note: "đo lại" });
    expect(clashes).toEqual([]);
    expect(taken.map(({ field }) => field.name)).toEqual(["locality"]);
  });

  it("names what both changed, unless they agree", () => {
    const theirs = row({ locality: "Thuận Hà", height_m: 601, note: null });
    const mine = { locality: "Đắk Búk So", height_m: "601", note: "" };
    const { draft, clashes } = merge(FIELDS, base, theirs, mine);
    expect(clashes).toMatchObject([
      { before: "Thuận Hạnh", theirs: "Thuận Hà", mine: "Đắk Búk So" },
    ]);
    expect(draft.locality).toBe("Đắk Búk So");
  });
});
