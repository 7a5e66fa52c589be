import "../page/stub-browser";
import { beforeEach, expect, test } from "vitest";
import type { Info } from "../../api/types";
import { lang } from "../../i18n";
import { info } from "../../i18n/words";
import { conditions, gathered, type LoggedRead, sentence } from "./reading";

const layer = (name: string, title_vi: string) => ({ name, title_vi, title_en: name, fields: [] });

beforeEach(() => {
  lang.value = "vi";
  const layers = [layer("markers", "Cột mốc"), layer("gates", "Cửa khẩu")];
  info.value = { layers } as unknown as Info;
});

let id = 0;
const read = (what: string, filter = "", title: LoggedRead["title"] = null): LoggedRead => ({
  id: ++id,
  at: "2026-11-22T10:00:00.000+00:00",
  name: "lan",
  via: "session",
  what,
  filter,
  rows: null,
  title,
});

function said(...given: Parameters<typeof read>): string {
  const { before, name, after } = sentence(read(...given));
  return before + name + after;
}

test("what was read is told as a sentence", () => {
  const items = "/api/collections/markers/items";
  expect(said(`read ${items}/vn-kh.12.1.0`)).toBe("xem Mốc 12/1");
  const gate = { vi: "Bu Prăng", en: "Bu Prang" };
  expect(said("read /api/collections/gates/items/g-1", "", gate)).toBe("xem Bu Prăng (Cửa khẩu)");
  expect(said(`read ${items}/vn-kh.12.1.0/history`)).toBe("xem lịch sử của Mốc 12/1");
  expect(said(`read ${items}`)).toBe("xem danh sách Cột mốc");
  expect(said("read /api/collections/markers/tiles/WebMercatorQuad/8/1/2")).toBe(
    "xem bản đồ Cột mốc",
  );
  expect(said("read /api/search", "q=%C4%90%E1%BA%AFk+N%C3%B4ng")).toBe("tìm “Đắk Nông”");
  expect(said("read /api/history", "limit=20")).toBe("xem lịch sử thay đổi");
  expect(said("log begun")).toBe("bắt đầu ghi nhật ký");
});

test("an export names its layer and format, and what it was narrowed by", () => {
  const asked = read(
    "export /api/collections/markers/items",
    "f=geojson&bbox=1,2,3,4&border=VN-KH",
  );
  const { before, name, after } = sentence(asked);
  expect(before + name + after).toBe("xuất Cột mốc ra GeoJSON");
  expect(conditions(asked)).toBe("trong khung bản đồ · border: VN-KH");
  expect(said("export /api/jobs/01/result", "layer=gates&f=gpkg")).toBe(
    "tải về Cửa khẩu, GeoPackage, do máy chủ làm sẵn",
  );
});

test.each([
  ["datetime=2014-06-30", "tính đến ngày 30/06/2014"],
  ["datetime=../..", ""],
  ["datetime=2014-01-01/..&crs=x", "Từ ngày 01/01/2014"],
  ["datetime=../2014-06-30&state=open", "Đến ngày 30/06/2014"],
  ["datetime=2014-01-01/2014-06-30", "Từ ngày 01/01/2014 Đến ngày 30/06/2014"],
])("what was asked for is told in words: %s", (query, words) => {
  expect(conditions(read("read /api/collections/markers/items", query))).toBe(words);
});

test("an address that nobody foresaw is still told", () => {
  expect(said("read /api/nobody/knows")).toBe("xem /nobody/knows");
});

test("pieces of one map that are read one after another are one line", () => {
  const tile = (at: number) =>
    read(`read /api/collections/markers/tiles/WebMercatorQuad/8/1/${at}`);
  const found = gathered([tile(1), tile(2), tile(3), read("read /api/history"), tile(4)]);
  expect(found.map(({ times }) => times)).toEqual([3, 1, 1]);
});
