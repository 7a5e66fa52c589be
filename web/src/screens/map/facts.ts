/** A row's properties as titled texts, by the fields that the server declares. */
import type { Feature, FieldInfo, Properties } from "../../api/types";
import { lang, t } from "../../i18n";
import { amount, date, number } from "../../i18n/format";
import { label, layer as layerOf } from "../../i18n/words";

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

function partiesText(value: unknown): string {
  if (!Array.isArray(value))
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  return value
    .map((one) => (typeof one === "object" ? Object.values(one ?? {}).join(": ") : String(one)))
    .join("; ");
}

function valueText(field: FieldInfo, value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (field.vocabulary) return label(field.vocabulary, String(value));
  if (field.kind === "date" || field.kind === "timestamp") return date(String(value));
  if (field.name === "amounts") return amountsText(value);
  if (field.kind === "json" || field.kind === "list") return partiesText(value);
  if (field.kind === "boolean") return t(value ? "common.yes" : "common.no");
  if (typeof value === "number") return [number(value), field.unit].filter(Boolean).join(" ");
  return String(value);
}

function factsWhere(layer: string, row: Properties, keep: (name: string) => boolean): Fact[] {
  const fields = layerOf(layer)?.fields ?? [];
  return fields
    .filter((field) => keep(field.name))
    .map((field) => ({
      name: field.name,
      title: field[`title_${lang.value}`],
      text: valueText(field, row[field.name]),
    }))
    .filter((fact) => fact.text);
}

export function factsOf(layer: string, row: Properties): Fact[] {
  return factsWhere(layer, row, (name) => !ELSEWHERE.has(name) && !TECHNICAL.test(name));
}

export function technicalFacts(layer: string, feature: Feature): Fact[] {
  const id = { name: "id", title: "id", text: feature.id };
  return [id, ...factsWhere(layer, feature.properties, (name) => TECHNICAL.test(name))];
}
