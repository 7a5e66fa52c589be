import "../page/stub-browser";
import { beforeEach, expect, test } from "vitest";
import type { FieldInfo, Info } from "../../api/types";
import { lang } from "../../i18n";
import { info } from "../../i18n/words";
import { factsOf } from "./facts";

function field(name: string, title_vi: string, title_en: string): FieldInfo {
  return { name, title_vi, title_en, kind: "text", unit: null, vocabulary: null };
}

const FIELDS = [
  field("class_note", "ghi chú về loại (tiếng Anh)", "note on the class"),
  field("class_note_vi", "ghi chú về loại", "note on the class (Vietnamese)"),
  field("road_vn", "đường phía Việt Nam", "road in Vietnam"),
];
const ROW = {
  class_note: "international when recorded on 2007-10-17",
  class_note_vi: "là cửa khẩu quốc tế theo ghi nhận ngày 17/10/2007",
  road_vn: "QL9",
};

beforeEach(() => {
  const gates = { name: "gates", title_vi: "", title_en: "", geometry: "Point", fields: FIELDS };
  info.value = { layers: [gates] } as unknown as Info;
});

test("the drawer shows a remark once, in the reader's language", () => {
  lang.value = "vi";
  const shown = () => factsOf("gates", ROW).map(({ title, text }) => [title, text]);
  expect(shown()).toEqual([
    ["ghi chú về loại", ROW.class_note_vi],
    ["đường phía Việt Nam", "QL9"],
  ]);
  lang.value = "en";
  expect(shown()).toEqual([
    ["note on the class", ROW.class_note],
    ["road in Vietnam", "QL9"],
  ]);
});
