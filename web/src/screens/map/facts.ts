/** A row's properties as titled texts, by the fields that the server declares. */
import type { Feature, FieldInfo, Properties } from "../../api/types";
import { lang, t } from "../../i18n";
import { amount, date, number } from "../../i18n/format";
import { label, layer as layerOf, localText } from "../../i18n/words";
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

export function amountsText(value: unknown): string {
  if (!Array.isArray(value)) return "";
  return value
    .filter((one) => one && typeof one.value === "number")
    .map((one) => amount(one.value, String(one.currency ?? "")))
    .join("; ");
}

function valueText(field: FieldInfo, value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (field.vocabulary) return label(field.vocabulary, String(value));
  if (field.kind === "date" || field.kind === "timestamp") return date(String(value));
  if (field.name === "amounts") return amountsText(value);
  if (field.kind === "json" || field.kind === "list") return partyLines(value).join("; ");
  if (field.kind === "boolean") return t(value ? "common.yes" : "common.no");
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
