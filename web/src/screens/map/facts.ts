/** A row's properties as titled texts, by the fields that the server declares. */
import type { Feature, FieldInfo, Properties } from "../../api/types";
import { lang, t } from "../../i18n";
import { date, isCurrency, money, number } from "../../i18n/format";
import { label, layer as layerOf, localText } from "../../i18n/words";
import { amountTexts } from "../page/amounts";
import { borderText, markerNumber, texts } from "../page/format";
import { partyLines } from "../page/parties";

export interface Fact {
  name: string;
  title: string;
  text: string;
}

/** Shown elsewhere in the drawer, or of no use to a reader. */
const ELSEWHERE = new Set([
  "name_vi", "name_en", "number", "source", "source_id", "confidence", "note", "classification",
  "revision", "statement_vi", "statement_en", "label_lon", "position_uncertainty_m", "label_lat",
]); // biome-ignore format: a list of words

const TECHNICAL = /_id$|_ids$|^(main|aux|k|id|gso_code|valid_from|valid_to|geometry_quality)$/;

/** Fields that are told in a way of their own. */
const TOLD: Record<string, (value: unknown) => string> = {
  border: borderText,
  amounts: (value) => amountTexts(value).join("; "),
  markers: (value) =>
    texts(value)
      .map((id) => markerNumber(id) ?? id)
      .join(", "),
};

function valueText(field: FieldInfo, value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  const own = TOLD[field.name];
  if (own) return own(value);
  if (field.vocabulary) return label(field.vocabulary, String(value));
  if (field.kind === "date" || field.kind === "timestamp") return date(String(value));
  if (field.kind === "json" || field.kind === "list") return partyLines(value).join("; ");
  if (field.kind === "boolean") return t(value ? "common.yes" : "common.no");
  if (typeof value === "number" && isCurrency(field.unit)) return money(value, field.unit);
  if (typeof value === "number") return [number(value), field.unit].filter(Boolean).join(" ");
  return String(value);
}

/** The field that holds a remark in Vietnamese, `note_vi` beside `note`. */
function twinOf({ name }: FieldInfo, fields: readonly FieldInfo[]): FieldInfo | undefined {
  return fields.find((other) => other.name === `${name}_vi`);
}

function factOf(field: FieldInfo, fields: readonly FieldInfo[], row: Properties): Fact {
  const twin = twinOf(field, fields);
  const titled = lang.value === "vi" && twin ? twin : field;
  return {
    name: field.name,
    title: titled[`title_${lang.value}`],
    text: twin ? localText(row, field.name) : valueText(field, row[field.name]),
  };
}

function factsWhere(layer: string, row: Properties, keep: (name: string) => boolean): Fact[] {
  const fields = layerOf(layer)?.fields ?? [];
  const twins = new Set(fields.map((field) => twinOf(field, fields)));
  return fields
    .filter((field) => keep(field.name) && !twins.has(field))
    .map((field) => factOf(field, fields, row))
    .filter((fact) => fact.text);
}

export function factsOf(layer: string, row: Properties): Fact[] {
  return factsWhere(layer, row, (name) => !ELSEWHERE.has(name) && !TECHNICAL.test(name));
}

export function technicalFacts(layer: string, feature: Feature): Fact[] {
  const id = { name: "id", title: "id", text: feature.id };
  return [id, ...factsWhere(layer, feature.properties, (name) => TECHNICAL.test(name))];
}

/** A stage in words that stand alone: `đã xây dựng`, `chưa rõ giai đoạn`. */
export function stageWords(stage: string | null | undefined): string {
  return label("stage", stage) || t("legend.no_stage");
}

/** A condition in words that stand alone: `nguyên trạng`, `chưa rõ tình trạng`. */
export function conditionWords(condition: string | null | undefined): string {
  const unknown = !condition || condition === "unknown";
  return unknown ? t("legend.no_condition") : label("condition", condition);
}
