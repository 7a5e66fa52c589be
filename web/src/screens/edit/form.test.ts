import { describe, expect, it } from "vitest";
import { changes, draftOf, fieldsOf, guardedIn, type Schema, shapeOf, unread, whole } from "./form";

const SCHEMA: Schema = {
  title: "Cột mốc",
  required: ["border"],
  properties: {
    id: { title: "mã", type: "string", "x-ogc-role": "id" },
    geometry: {
      title: "vị trí",
      format: "geometry-point",
      "x-ogc-role": "primary-geometry",
      "x-cotmoc-guarded": true,
    },
    border: { title: "tuyến", type: "string" },
    main: { title: "số chính", type: "integer", "x-cotmoc-guarded": true },
    height_m: { title: "độ cao", type: "number", "x-ogc-unit": "m" },
    stage: { title: "giai đoạn", type: "string", readOnly: true },
    border_ids: { title: "các tuyến", type: "array", items: { type: "string" } },
    kind: { title: "loại", type: "string", oneOf: [{ const: "main", title: "mốc chính" }] },
  },
};
const FIELDS = fieldsOf(SCHEMA);
const ROW = {
  border: "VN-KH",
  main: 48,
  height_m: 612.5,
  border_ids: ["vn-kh", "vn-la"],
  kind: null,
};

describe("a form", () => {
  it("leaves out what follows from other rows, the id and the geometry", () => {
    expect(FIELDS.map((field) => field.name)).toEqual([
      "border",
      "main",
      "height_m",
      "border_ids",
      "kind",
    ]);
    expect(shapeOf(SCHEMA)).toBe("point");
    expect(FIELDS[0]?.required).toBe(true);
  });

  it("sends nothing where nothing was changed", () => {
    expect(changes(FIELDS, draftOf(FIELDS, ROW), ROW)).toEqual({});
  });

  it("sends what was changed alone, and null for what was emptied", () => {
    const draft = {
      ...draftOf(FIELDS, ROW),
      height_m: "613,25",
      border_ids: "vn-kh",
      kind: "main",
      main: "",
    };
    expect(changes(FIELDS, draft, ROW)).toEqual({
      height_m: 613.25,
      border_ids: ["vn-kh"],
      kind: "main",
      main: null,
    });
  });

  it("names what cannot be read", () => {
    expect(unread(FIELDS, { main: "4,5", height_m: "cao" })).toEqual(["main", "height_m"]);
  });

  it("names what of a patch somebody else has to agree to", () => {
    const patch = { properties: { main: 49, border: "VN-LA" } };
    expect(guardedIn(SCHEMA, FIELDS, patch)).toEqual(["số chính"]);
    expect(guardedIn(SCHEMA, FIELDS, { ...patch, geometry: null })).toEqual(["vị trí", "số chính"]);
    expect(guardedIn(SCHEMA, FIELDS, { properties: { border: "VN-LA" } })).toEqual([]);
  });

  it("leaves out of a new row what is empty", () => {
    expect(whole(FIELDS, { border: "VN-LA", main: "5", height_m: " " })).toEqual({
      border: "VN-LA",
      main: 5,
    });
  });
});
