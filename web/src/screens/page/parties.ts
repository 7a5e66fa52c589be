/** Who takes part in a project, and as what. */
import { type Key, lang, t } from "../../i18n";
import { text } from "./format";

const ROLES: Record<string, Key> = {
  funding: "page.role.funding",
  accountable: "page.role.accountable",
  extending: "page.role.extending",
  implementing: "page.role.implementing",
}; // IATI 2.03 OrganisationRole

function roleText(role: string): string {
  const key = ROLES[role];
  return key ? t(key) : role;
}

interface Party {
  name?: unknown;
  name_en?: unknown; // where it differs
  role?: unknown;
}

/** `JICA (funding)`: each party with its role in the reader's language. */
export function partyLines(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : value ? [value] : [];
  return list.flatMap((one) => {
    if (typeof one !== "object" || one === null) return text(one) ? [text(one)] : [];
    const { name_en, role, ...party } = one as Party;
    const name = lang.value === "en" && name_en ? name_en : party.name;
    const words = role ? ` (${roleText(text(role))})` : "";
    return name ? [`${text(name)}${words}`] : [];
  });
}
