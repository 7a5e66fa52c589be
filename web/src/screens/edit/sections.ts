/** The parts of a form, so that a long one can be overlooked. */
import type { Key } from "../../i18n";
import type { FormField } from "./form";

const PARTS: [title: Key, names: RegExp][] = [
  ["edit.part.survey", /^(position_(?!id)|surveyed_|datum_|height_|accuracy)/],
  ["edit.part.period", /^valid_(from|to)$/],
  ["edit.part.source", /^(source|source_id|confidence|note|note_vi|classification)$/],
];
const MAIN: Key = "edit.part.main";

export function sectionsOf(fields: FormField[]): [title: Key, fields: FormField[]][] {
  const partOf = ({ name }: FormField): Key =>
    PARTS.find(([, names]) => names.test(name))?.[0] ?? MAIN;
  const titles: Key[] = [MAIN, ...PARTS.map(([title]) => title)];
  return titles
    .map((title): [Key, FormField[]] => [title, fields.filter((one) => partOf(one) === title)])
    .filter(([, held]) => held.length > 0);
}
