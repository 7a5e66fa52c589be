import "../page/stub-browser";
import { expect, test } from "vitest";
import type { Feature, Partner, PartnerSummary, Properties } from "../../api/types";
import { timeText, unitText, valueText } from "./FigureSection";
import { byCorridor } from "./Places";
import {
  byCountry,
  classPeriods,
  contradicting,
  embedCode,
  found,
  homeFaces,
  newestFirst,
  scriptOf,
  totalsOf,
  versionsById,
  withCommitments,
} from "./summary";

function summary(code: string, name: string, country: string, faces: string[]): PartnerSummary {
  return {
    code,
    id: code.toLowerCase(),
    name_vi: name,
    name_en: name,
    name_local: null,
    country,
    bbox: [0, 0, 1, 1],
    faces: faces.map((face) => ({ id: `vn.${face}`, name_vi: face, name_en: face, country: "VN" })),
  };
}

const PARTNERS = [
  summary("TH-49", "Mukdahan", "TH", []),
  summary("KH-11", "Mondulkiri", "KH", ["Lâm Đồng", "Đồng Nai"]),
  summary("LA-XE", "Sekong", "LA", ["Đà Nẵng", "Huế"]),
  summary("LA-KH", "Khăm Muộn", "LA", ["Quảng Trị"]),
  summary("LA-VT", "Viêng Chăn", "LA", []),
];

const feature = (id: string, properties: Properties): Feature => ({
  type: "Feature",
  id,
  geometry: null,
  properties,
});

test("Laos first, and in it the provinces that face Vietnam first", () => {
  const groups = byCountry(PARTNERS);
  expect(groups.map(({ country }) => country)).toEqual(["la", "kh", "th"]);
  expect(groups[0]?.partners.map(({ code }) => code)).toEqual(["LA-KH", "LA-XE", "LA-VT"]);
});

test("a province is found by name, code or the Vietnamese province that it faces", () => {
  const codes = (q: string) => found(PARTNERS, q).map(({ code }) => code);
  expect(codes("da nang")).toEqual(["LA-XE"]);
  expect(codes("DONG NAI")).toEqual(["KH-11"]);
  expect(codes("th-49")).toEqual(["TH-49"]);
  expect(codes("kham")).toEqual(["LA-KH"]);
  expect(codes("")).toHaveLength(5);
  expect(codes("Huế mukdahan")).toEqual([]);
});

test("own names carry their language", () => {
  expect(["LA", "kh", "TH", "cn"].map(scriptOf)).toEqual(["lo", "km", "th", "zh"]);
});

test("provinces of other neighbours are not counted as facing", () => {
  const faces = [
    { id: "vn.quang-tri.2025", name_vi: "Quảng Trị", name_en: "Quang Tri" },
    { id: "th.mukdahan", name_vi: "Mukdahan", name_en: "Mukdahan", country: "TH" },
  ];
  expect(homeFaces(faces).map(({ id }) => id)).toEqual(["vn.quang-tri.2025"]);
});

test("totals add the stretches and count gates by class", () => {
  const collection = (...list: Properties[]) => ({
    type: "FeatureCollection" as const,
    features: list.map((properties, i) => feature(`f${i}`, properties)),
  });
  const partner = {
    borders: collection({ length_km: 200.5 }, { length_km: 100 }, { length_km: null }),
    gates: collection({ gate_class: "international" }, { gate_class: "main" }, {}),
    projects: collection(),
  } as unknown as Partner;
  const totals = totalsOf(partner);
  expect(totals.border_km).toBeCloseTo(300.5);
  expect(totals.gates).toEqual({ international: 1, main: 1, null: 1 });
  expect(totals.projects).toEqual({});
});

test("a border of unknown length is unknown, not zero", () => {
  const none = { type: "FeatureCollection" as const, features: [] };
  const partner = { borders: none, gates: none, projects: none } as unknown as Partner;
  expect(totalsOf(partner).border_km).toBeNull();
});

test("promises stand under their agreement, the others by themselves", () => {
  const groups = withCommitments(
    [{ id: "a" }, { id: "b" }],
    [
      { id: "1", agreement_id: "b" },
      { id: "2", agreement_id: null },
    ],
  );
  expect(groups.map(({ commitments }) => commitments.map(({ id }) => id))).toEqual([
    [],
    ["1"],
    ["2"],
  ]);
  expect(groups[2]?.agreement).toBeNull();
});

test("two values of one figure for one period contradict each other", () => {
  const figure = (id: string, value: number, period: string) => ({
    id,
    name_vi: "Vốn FDI đăng ký",
    unit: "USD",
    period,
    value,
  });
  const rows = [figure("1", 5, "2012"), figure("2", 4, "2012"), figure("3", 7, "2013")];
  expect([...contradicting(rows)].sort()).toEqual(["1", "2"]);
  expect(contradicting([figure("1", 5, "2012"), figure("2", 5, "2012")]).size).toBe(0);
});

test("versions of a gate run from old to new", () => {
  const versions = versionsById([
    feature("g-la-14", { gate_class: "international", valid_from: "2014-06-25" }),
    feature("g-la-14", { gate_class: "national", valid_from: "2007-10-17" }),
    feature("g-la-13", { gate_class: "international", valid_from: null }),
  ]);
  expect(versions.get("g-la-14")?.map((f) => f.properties.gate_class)).toEqual([
    "national",
    "international",
  ]);
});

test("a gate that only changed its province has one class, not two", () => {
  const row = (gate_class: string, province: string, from: string | null, to: string | null) =>
    feature("g-la-14", { gate_class, province, valid_from: from, valid_to: to });
  const periods = classPeriods([
    row("international", "Quảng Trị (2025)", "2014-06-25", null),
    row("national", "Quảng Trị", null, "2014-06-25"),
    row("international", "Quảng Trị", "2014-06-25", null),
  ]);
  expect(periods.map((f) => f.properties.gate_class)).toEqual(["national", "international"]);
});

test("segments are gathered by corridor in their order along it", () => {
  const segments = [
    feature("ewec.26", { corridor_id: "ewec", seq: 26 }),
    feature("para-ewec.2", { corridor_id: "para-ewec", seq: 2 }),
    feature("ewec.25", { corridor_id: "ewec", seq: 25 }),
  ];
  const parts = byCorridor(segments);
  expect(parts.find(({ id }) => id === "ewec")?.segments.map(({ id }) => id)).toEqual([
    "ewec.25",
    "ewec.26",
  ]);
});

test("newest first, undated last", () => {
  const rows = [{ signed: "1999-01-01" }, { signed: null }, { signed: "2010-05-05" }];
  expect(newestFirst(rows, "signed").map(({ signed }) => signed)).toEqual([
    "2010-05-05",
    "1999-01-01",
    null,
  ]);
});

test("the code to embed cannot break out of its attribute", () => {
  const code = embedCode("https://bien-gioi.vn", "LA-SV", "vi", 'A "b" <c> & d');
  expect(code).toContain('src="https://bien-gioi.vn/partners/LA-SV/embed?lang=vi"');
  expect(code).toContain('title="A &quot;b&quot; &lt;c> &amp; d"');
});

test("a figure says its qualifier, its money in words and its period in the reader's language", () => {
  const oda = { value: 196_000_000, unit: "USD", qualifier: "approx", period: "1993-2007" };
  expect(valueText(oda)).toBe("khoảng 196 triệu USD");
  expect(unitText(oda)).toBe("");
  expect(timeText(oda)).toBe("1993–2007");
  const share = { value: 20.5, unit: "percent", unit_vi: "%", period: "to 2007" };
  expect([valueText(share), unitText(share), timeText(share)]).toEqual(["20,5", "%", "đến 2007"]);
  const words = { value: null, value_text: "khoảng 5.000", unit: "people", as_of: "2014-06-30" };
  expect([valueText(words), unitText(words), timeText(words)]).toEqual([
    "khoảng 5.000",
    "",
    "30/06/2014",
  ]);
});
