/** An empty sheet with a layer's headers, which the import knows again. */
import { t } from "../../i18n";
import { layer } from "../../i18n/words";
import { fieldsOf, type Schema } from "../edit/form";

const BOM = "\uFEFF"; // so that spreadsheets read it as UTF-8
const OURS = ["classification", "files", "province_origin_id"]; // nobody types them into a sheet
const NAMED: Record<string, string> = { province_id: "province" }; // typed by name, not by identifier

const quoted = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** One line of CSV: the required columns first, then the coordinates, then the rest. */
export function templateOf(schema: Schema, layerName: string): string {
  const fields = fieldsOf(schema).filter(
    ({ kind, name }) => kind !== "json" && !OURS.includes(name),
  );
  const first = fields.filter(({ required }) => required);
  const rest = fields.filter(({ required }) => !required);
  const isPoint = layer(layerName)?.geometry === "Point";
  const place = isPoint ? [t("import.target.lon"), t("import.target.lat")] : [];
  const titles = (some: typeof fields) =>
    some.map(({ name, title }) => schema.properties[NAMED[name] ?? name]?.title ?? title);
  return `${BOM}${[...titles(first), ...place, ...titles(rest)].map(quoted).join(",")}\r\n`;
}
