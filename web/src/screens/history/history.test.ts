import "../page/stub-browser";
import { beforeEach, expect, test } from "vitest";
import type { Info } from "../../api/types";
import { lang } from "../../i18n";
import { info, vocabularies } from "../../i18n/words";
import { reasonOf, who } from "./reason";
import { shown, telling } from "./values";

const plain = { title_vi: "", title_en: "", unit: null, vocabulary: null };

beforeEach(() => {
  lang.value = "vi";
  vocabularies.value = { condition: [{ value: "leaning", vi: "bị nghiêng", en: "leaning" }] };
  info.value = {
    layers: [
      {
        name: "markers",
        fields: [
          { ...plain, name: "condition", kind: "text", vocabulary: "condition" },
          { ...plain, name: "height_m", kind: "real", unit: "m" },
          { ...plain, name: "main", kind: "integer" },
          { ...plain, name: "stage_as_of", kind: "date" },
          { ...plain, name: "amount", kind: "real", unit: "USD" },
          { ...plain, name: "register_complete", kind: "boolean" },
        ],
      },
    ],
  } as unknown as Info;
});

test("a value is told in the words and units of its layer", () => {
  const told = (name: string, value: unknown) => shown("markers", name, value);
  expect(told("condition", "leaning")).toBe("bị nghiêng");
  expect(told("height_m", 1420.5)).toBe("1.420,5 m");
  expect(told("main", 1378)).toBe("1378");
  expect(told("stage_as_of", "2014-06-30")).toBe("30/06/2014");
  expect(told("amount", 88_260_000)).toBe("88,26 triệu USD");
  expect(told("register_complete", false)).toBe("không");
  expect(told("marker_id", "vn-kh.48.0.1")).toBe("Mốc 48(1)");
  expect(told("markers", ["vn-kh.48.0.1", "vn-kh.47.7.0"])).toBe("Mốc 48(1), Mốc 47/7");
  expect(told("files", ["a".repeat(64)])).toBe("1 tệp");
  expect(told("note", null)).toBe("–");
});

test("a place is told with its latitude first and its system", () => {
  const point = { type: "Point", coordinates: [107.1234444, 12.3456667] };
  expect(shown("markers", "geometry", point)).toBe("12,3456667° B; 107,1234444° Đ (WGS 84)");
  expect(shown("markers", "geometry", { type: "MultiPolygon" })).toBe("hình dạng");
});

test("an identifier is left out where what it stands for is named beside it", () => {
  const names = (...of: string[]) => telling(of.map((field) => ({ field }))).map((o) => o.field);
  expect(names("province", "province_id", "province_origin_id")).toEqual(["province"]);
  expect(names("post_id")).toEqual(["post_id"]);
});

test("a reason is told without the marks by which a change is found", () => {
  expect(reasonOf("tuần tra quý II").words).toBe("tuần tra quý II");
  expect(reasonOf("embedded data").words).toBe("");
  expect(reasonOf("undoes change 12").words).toBe("hoàn tác thay đổi số 12");
  expect(reasonOf("biên bản 12 · proposed by lan · 0123456789abcdef").words).toBe(
    "biên bản 12 (theo đề nghị của lan)",
  );
  const imported = reasonOf("import 01jd: through the API – CV 12 – moc.csv");
  expect(imported).toEqual({ words: "nhập từ tệp: CV 12 – moc.csv", imported: "01jd" });
  const undone = reasonOf("import 02: undo of import 01jd. nhầm tỉnh");
  expect(undone).toEqual({ words: "hoàn tác một lần nhập: nhầm tỉnh", imported: "01jd" });
});

test("who made a change is told in words where it was no person", () => {
  expect(who("cotmoc init")).toBe("Dữ liệu ban đầu");
  expect(who(null)).toBe("không được xem");
  expect(who("lan")).toBe("lan");
});
