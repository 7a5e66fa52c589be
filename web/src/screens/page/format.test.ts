import "./stub-browser";
import { beforeEach, expect, test } from "vitest";
import { lang, t } from "../../i18n";
import { localText } from "../../i18n/words";
import { amountLines } from "./amounts";
import { creditLine } from "./credits";
import {
  dms,
  kmText,
  lastDay,
  lengthText,
  markerNumber,
  periodText,
  preciseDate,
  ratioText,
  spanText,
  texts,
} from "./format";
import { digitsOf, shortUrn } from "./Place";
import { partyLines } from "./parties";
import { qrPath } from "./QrCode";
import { indexSources, safeUrl } from "./Sources";
import { inTime, type StoryEntry } from "./Story";

beforeEach(() => {
  lang.value = "vi";
});

test("Vietnamese writes a decimal comma and points between thousands", () => {
  expect(kmText(53.27)).toBe("53,3 km");
  expect(kmText(384.4)).toBe("384 km");
  expect(lengthText(500)).toBe("500 m");
  expect(ratioText(1_200_000)).toBe("1 : 1.200.000");
  lang.value = "en";
  expect(kmText(53.27)).toBe("53.3 km");
});

test("a date is written as exactly as it is known", () => {
  expect(preciseDate("2014-06-30", "day")).toBe("30/06/2014");
  expect(preciseDate("2014-06-01", "month")).toBe("06/2014");
  expect(preciseDate("2014-01-01", "year")).toBe("2014");
  expect(preciseDate("2014-06-30", "not_later_than")).toBe("không muộn hơn 30/06/2014");
  expect(preciseDate(null, null)).toBe("chưa rõ");
});

test("the exclusive end of a period is shown as its last day", () => {
  expect(lastDay("2014-06-25")).toBe("2014-06-24");
  expect(lastDay("2016-03-01")).toBe("2016-02-29");
  expect(periodText("2007-10-17", "2014-06-25")).toBe("17/10/2007 – 24/06/2014");
  expect(periodText("2014-06-25", null)).toBe("từ 25/06/2014");
  expect(periodText(null, "2025-07-01")).toBe("đến 30/06/2025");
  expect(periodText(null, null)).toBe("");
});

test("one day is not written as a span, and the source's words stand in for dates", () => {
  expect(spanText("2010-03-01", "2010-03-01")).toBe("01/03/2010");
  expect(spanText("2010-03-01", "2010-03-05")).toBe("01/03/2010 – 05/03/2010");
  expect(spanText(null, null, "2020s")).toBe("2020s");
});

test("degrees, minutes and seconds carry over", () => {
  lang.value = "en";
  expect(dms(107.1234, 12.3457)).toBe("12°20′44.5″N 107°07′24.2″E");
  expect(dms(106.99999999, -0.5)).toBe("0°30′00.0″S 107°00′00.0″E");
  lang.value = "vi";
  expect(dms(107.1234, 12.3457)).toBe("12°20′44,5″B 107°07′24,2″Đ");
});

test("a marker's number is read from its id", () => {
  const ids = ["vn-kh.48.0.1", "vn-la.605.0.0", "vn-kh.47.7.0", "vn-cn.1116.2.3", "605"];
  expect(ids.map(markerNumber)).toEqual(["48(1)", "605", "47/7", "1116/2(3)", null]);
});

test("a remark is shown in the reader's language, in the other where that is missing", () => {
  const both = { note: "day not stated", note_vi: "không rõ ngày" };
  expect(localText(both, "note")).toBe("không rõ ngày");
  expect(localText({ note: "day not stated", note_vi: null }, "note")).toBe("day not stated");
  lang.value = "en";
  expect(localText(both, "note")).toBe("day not stated");
  expect(localText({ note_vi: "không rõ ngày" }, "note")).toBe("không rõ ngày");
  expect(localText({}, "note")).toBe("");
});

test("a party bears its name in the reader's language, with its role", () => {
  const parties = [{ name: "Nhật Bản", name_en: "Japan", role: "funding" }, { name: "ADB" }];
  expect(partyLines(parties)).toEqual([`Nhật Bản (${t("page.role.funding")})`, "ADB"]);
  lang.value = "en";
  expect(partyLines(parties)).toEqual([`Japan (${t("page.role.funding")})`, "ADB"]);
});

test("what a source adds to a sum is in the reader's language", () => {
  const amounts = [{ value: 35_000_000, currency: "USD", text: "total", text_vi: "tổng vốn" }];
  expect(amountLines({ amounts })).toEqual(["35 triệu USD (tổng vốn)"]);
});

test("a rough place is not written with more digits than it has", () => {
  const of = (position_quality: string, position_uncertainty_m: number | null) =>
    digitsOf({ position_quality, position_uncertainty_m });
  expect(of("surveyed", 0.5)).toBe(6);
  expect(of("published", 1000)).toBe(6);
  expect(of("indicative", 60_600)).toBe(3);
  expect(of("approximate", 200)).toBe(4);
  expect(of("approximate", null)).toBe(3);
});

test("an operation is named by its short code", () => {
  expect(shortUrn("urn:ogc:def:coordinateOperation:EPSG::6960")).toBe("EPSG:6960");
  expect(shortUrn("pinned by hand")).toBe("pinned by hand");
});

test("each holder of rights is named once", () => {
  const line = creditLine([
    { text: "© OpenStreetMap contributors; Natural Earth", licence: "ODbL-1.0" },
    { text: "© OpenStreetMap contributors", licence: "CC-BY-4.0 and ODbL-1.0" },
  ]);
  expect(line).toBe("© OpenStreetMap contributors · Natural Earth (ODbL-1.0, CC-BY-4.0)");
});

test("lists come as arrays or joined by bars", () => {
  expect(texts(["a", "b"])).toEqual(["a", "b"]);
  expect(texts("a|b")).toEqual(["a", "b"]);
  expect(texts(null)).toEqual([]);
});

test("amounts stay in their own currency", () => {
  const amounts = [{ currency: "VND", value: 2_074_033_000_000 }];
  const lines = amountLines({ amounts, amount_usd: 88_260_000 });
  expect(lines[0]).toBe("2.074,033 tỷ VND");
  expect(lines[1]).toBe("khoảng 88,26 triệu USD theo nguồn");
  expect(lines).toHaveLength(2);
  expect(amountLines({ amounts: null, amount_usd: null })).toEqual([]);
  const dollars = [{ currency: "USD", value: 35_000_000 }];
  expect(amountLines({ amounts: dollars, amount_usd: 35_000_000 })).toHaveLength(1);
});

test("sources are numbered by first use, once each", () => {
  const rows = [{ source_id: "b" }, { source: "tin báo" }, { source_id: "b" }, { source_id: "a" }];
  const index = indexSources(rows, [{ id: "a", name_vi: "Nguồn A" }]);
  expect([...index.values()].map((entry) => [entry.key, entry.number])).toEqual([
    ["b", 1],
    ["tin báo", 2],
    ["a", 3],
  ]);
  expect(index.get("a")?.row?.name_vi).toBe("Nguồn A");
});

test("only web addresses are linked", () => {
  expect(safeUrl("https://example.org/x")).toBe("https://example.org/x");
  expect(safeUrl("javascript:alert(1)")).toBeNull();
  expect(safeUrl(null)).toBeNull();
});

test("a story runs from old to new, undated last", () => {
  const entry = (key: string, sort: string): StoryEntry => ({
    key,
    sort,
    when: "",
    what: "",
    details: [],
    row: {},
  });
  const told = inTime([entry("c", ""), entry("b", "2014-12-22"), entry("a", "2014-06-30")]);
  expect(told.map(({ key }) => key)).toEqual(["a", "b", "c"]);
});

test("a QR code has its quiet zone and its three finders", () => {
  const { d, size } = qrPath("https://example.org/markers/vn-kh.48.0.1?lang=vi");
  expect(size).toBeGreaterThanOrEqual(25 + 8);
  expect(d).not.toMatch(/M[0-3] /);
  expect(d).toContain("M4 4h1v1h-1z");
});
