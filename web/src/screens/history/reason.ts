/** Why a change was made, in words: the history also keeps marks there by which it is found. */
import { t } from "../../i18n";

export interface Reason {
  words: string;
  imported?: string; // id of the import that made the change
}

const UNDONE_IMPORT = /^import (\S+): undo of import (\S+)\. ?(.*)$/s;
const IMPORT = /^import (\S+): (.*)$/s;
const UNDOES = /^undoes change (\d+)$/;
const PROPOSED = /^(.*) · proposed by (.+) · [0-9a-f]{16}$/s;
const SAID_BY_NOBODY = /^(embedded data|through the API)$/;

const joined = (...parts: string[]): string => parts.filter(Boolean).join(": ");
const said = (words: string): string => (SAID_BY_NOBODY.test(words) ? "" : words);

/** A name is that of a file at the end, after documents with a dash between. */
const plain = (words: string): string =>
  words
    .split(" – ")
    .filter((part) => said(part))
    .join(" – ");

const FORMS: [RegExp, (found: string[]) => Reason][] = [
  [
    UNDONE_IMPORT,
    ([, , undone, why = ""]) => ({
      words: joined(t("history.import_undone"), said(why)),
      imported: undone,
    }),
  ],
  [
    IMPORT,
    ([, imported, file = ""]) => ({
      words: joined(t("history.imported"), plain(file)),
      imported,
    }),
  ],
  [UNDOES, ([, n = ""]) => ({ words: t("history.undoes", { n }) })],
  [
    PROPOSED,
    ([, reason = "", author = ""]) => ({ words: t("history.proposed", { reason, author }) }),
  ],
];

/** What stands in the history as the reason of a change, for a person. */
export function reasonOf(text: string | null): Reason {
  for (const [form, reason] of FORMS) {
    const found = form.exec(text ?? "");
    if (found) return reason(found);
  }
  return { words: said(text ?? "") };
}

/** Who made a change, as people call him; the names of programs are told in words. */
export function who(actor: string | null): string {
  if (actor === null) return t("history.hidden");
  if (actor === "cotmoc init") return t("history.by_init");
  if (actor === "operator") return t("history.by_operator");
  return actor === "anonymous" ? t("history.by_program") : actor;
}
