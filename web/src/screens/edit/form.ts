/** A layer's form, made from its JSON Schema: fields, what is typed, and what is sent. */
import type { Feature, Properties } from "../../api/types";

export type Kind =
  | "text"
  | "long"
  | "number"
  | "integer"
  | "boolean"
  | "date"
  | "time"
  | "list"
  | "json";

export interface Choice {
  value: string;
  title: string;
}

export interface FormField {
  name: string;
  title: string;
  help: string;
  kind: Kind;
  choices: Choice[]; // empty where any value may be typed
  unit: string;
  of: string | null; // layer that the value names a row of
  required: boolean;
  guarded: boolean; // changed by whoever approves only
}

export interface Schema {
  title: string;
  required?: string[];
  properties: Record<string, SchemaField>;
}

interface SchemaField {
  title?: string;
  description?: string;
  type?: string;
  format?: string;
  oneOf?: { const: string; title: string }[];
  items?: { type?: string };
  readOnly?: boolean;
  "x-ogc-role"?: string;
  "x-ogc-collectionId"?: string;
  "x-ogc-unit"?: string;
  "x-cotmoc-guarded"?: boolean;
}

const OWN_PLACE = ["id", "primary-geometry"]; // roles with a place of their own in the form
const LONG = /^(note|findings|class_note|evidence|description|outcome|proposal)(_vi)?$/;

function kindOf(name: string, { type, format, items }: SchemaField): Kind {
  if (type === "integer" || type === "number" || type === "boolean") return type;
  if (type === "array") return items?.type === "string" ? "list" : "json";
  if (format === "date") return "date";
  if (format === "date-time") return "time";
  return LONG.test(name) ? "long" : "text";
}

/** The fields that may be typed, in the order of the declaration. */
export function fieldsOf({ properties, required = [] }: Schema): FormField[] {
  return Object.entries(properties)
    .filter(([, of]) => !of.readOnly && !OWN_PLACE.includes(of["x-ogc-role"] ?? ""))
    .map(([name, of]) => ({
      name,
      title: of.title ?? name,
      help: of.description ?? "",
      kind: kindOf(name, of),
      choices: (of.oneOf ?? []).map((one) => ({ value: one.const, title: one.title })),
      unit: of["x-ogc-unit"] ?? "",
      of: of["x-ogc-collectionId"] ?? null,
      required: required.includes(name),
      guarded: of["x-cotmoc-guarded"] ?? false,
    }));
}

const shape = ({ properties }: Schema): SchemaField | undefined =>
  Object.values(properties).find((of) => of["x-ogc-role"] === "primary-geometry");

/** What geometry the layer has, such as "point"; null for none. */
export function shapeOf(schema: Schema): string | null {
  return shape(schema)?.format?.replace("geometry-", "") ?? null;
}

/** Titles of what a patch of a row changes that only whoever approves may change. */
export function guardedIn(
  schema: Schema,
  fields: FormField[],
  patch: { geometry?: unknown; properties: Properties },
): string[] {
  const place = shape(schema);
  const moved = place?.["x-cotmoc-guarded"] && patch.geometry !== undefined;
  const named = fields.filter((field) => field.guarded && field.name in patch.properties);
  return [...(moved ? [place?.title ?? ""] : []), ...named.map((field) => field.title)];
}

/** What stands in a field, as text; a list has a line for each value. */
export function typed(field: FormField, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (field.kind === "list") return (value as unknown[]).join("\n");
  if (field.kind === "json") return JSON.stringify(value, null, 1);
  return String(value);
}

export class NotReadError extends Error {}

function asNumber(text: string, whole: boolean): number {
  const value = Number(text.replace(/\s/g, "").replace(",", "."));
  if (!Number.isFinite(value) || (whole && !Number.isInteger(value))) throw new NotReadError();
  return value;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotReadError();
  }
}

/** The value of what was typed; null for nothing. Throws NotReadError. */
export function readValue(field: FormField, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (field.kind === "number" || field.kind === "integer")
    return asNumber(trimmed, field.kind === "integer");
  if (field.kind === "boolean") return trimmed === "true";
  if (field.kind === "json") return asJson(trimmed);
  if (field.kind !== "list") return trimmed;
  return trimmed
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

export type Draft = Record<string, string>; // what is typed, by field

export function draftOf(fields: FormField[], values: Properties): Draft {
  return Object.fromEntries(fields.map((field) => [field.name, typed(field, values[field.name])]));
}

/** Names of the fields whose text cannot be read. */
export function unread(fields: FormField[], draft: Draft): string[] {
  return fields.filter((field) => !reads(field, draft[field.name] ?? "")).map(({ name }) => name);
}

function reads(field: FormField, text: string): boolean {
  try {
    readValue(field, text);
    return true;
  } catch {
    return false;
  }
}

/** The properties in which a draft differs from a row, as a JSON Merge Patch (RFC 7396). */
export function changes(fields: FormField[], draft: Draft, values: Properties): Properties {
  const found = fields
    .filter((field) => (draft[field.name] ?? "").trim() !== typed(field, values[field.name]).trim())
    .map((field) => [field.name, readValue(field, draft[field.name] ?? "")]);
  return Object.fromEntries(found);
}

/** All that is typed, for a new row; what is left empty is not sent. */
export function whole(fields: FormField[], draft: Draft): Properties {
  const found = fields
    .map((field) => [field.name, readValue(field, draft[field.name] ?? "")] as const)
    .filter(([, value]) => value !== null);
  return Object.fromEntries(found);
}

export const nothing: Feature = { type: "Feature", id: "", geometry: null, properties: {} };
