/** What a row holds, in the words and units of its layer. */
import type { FieldInfo, LonLat, Properties } from "../../api/types";
import { lang, t } from "../../i18n";
import { coordinates, date, isCurrency, moment, money, number } from "../../i18n/format";
import { field, label } from "../../i18n/words";
import { amountTexts } from "../page/amounts";
import { markerNumber } from "../page/format";
import { partyLines } from "../page/parties";

const NOTHING = "–";
const DIGITS = 7; // decimals of a degree
const GROUPED = 10_000; // from here on thousands are set apart; a smaller whole number may be a name

/** The title of a field of a layer. */
export function titleOf(layer: string, name: string): string {
  if (name === "geometry") return t("edit.place");
  return field(layer, name)?.[`title_${lang.value}`] ?? name;
}

function placeText({ type, coordinates: at }: Properties): string {
  return type === "Point" ? coordinates(at as LonLat, DIGITS) : t("history.shape");
}

function numberText(value: number, { kind, unit }: FieldInfo): string {
  if (isCurrency(unit)) return money(value, unit);
  const whole = kind === "integer" && Math.abs(value) < GROUPED;
  const text = whole ? String(value) : number(value, DIGITS);
  return [text, unit === "degree" ? "°" : unit].filter(Boolean).join(unit === "degree" ? "" : " ");
}

/** A word of a vocabulary, a marker by its number, else the text as it is. */
function wordText(value: string, vocabulary: string | null | undefined): string {
  if (vocabulary) return label(vocabulary, value);
  const no = markerNumber(value);
  return no ? t("marker.title", { no }) : value;
}

function listText(name: string, values: unknown[], of: FieldInfo | undefined): string {
  if (name === "files") return t("history.files", { n: values.length });
  if (name === "parties") return partyLines(values).join("; ");
  if (name === "amounts") return amountTexts(values).join("; ");
  const plain = values.every((one) => typeof one !== "object");
  return plain
    ? values.map((one) => wordText(String(one), of?.vocabulary)).join(", ")
    : JSON.stringify(values);
}

function textOf(value: string, of: FieldInfo | undefined): string {
  if (of?.kind === "date") return date(value);
  return of?.kind === "timestamp" ? moment(value) : wordText(value, of?.vocabulary);
}

/** A value of a row in words. */
export function shown(layer: string, name: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  if (name === "geometry") return placeText(value as Properties);
  const of = field(layer, name);
  if (Array.isArray(value)) return listText(name, value, of) || NOTHING;
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  if (typeof value === "number") return of ? numberText(value, of) : number(value, DIGITS);
  return typeof value === "object" ? JSON.stringify(value) : textOf(String(value), of);
}

interface Named {
  field: string;
}

const TWIN = /(_origin)?_ids?$/;

/** The fields that say something to a person: identifiers of what is named beside them do not. */
export function telling<T extends Named>(changes: readonly T[]): T[] {
  const names = new Set(changes.map((one) => one.field));
  return changes.filter(({ field: name }) => {
    const twin = name.replace(TWIN, "");
    return twin === name || !names.has(twin);
  });
}
