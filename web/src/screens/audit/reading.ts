/** An entry of the log of reads, in words. */
import { t } from "../../i18n";
import { layerTitle } from "../../i18n/words";

export interface LoggedRead {
  id: number;
  at: string; // ISO 8601, UTC
  name: string;
  via: string;
  what: string; // such as `read /api/collections/markers/items`
  filter: string; // the query of the address
  rows: number | null;
}

const ITEMS = /^\/api\/collections\/([^/]+)\/items(?:\/([^/]+))?(\/history)?$/;

/** What was done: read, exported, or that a server began or ended its part of the log. */
export function verb({ what }: LoggedRead): string {
  if (what === "log begun") return t("audit.log_begun");
  if (what === "log ended") return t("audit.log_ended");
  return t(what.startsWith("export ") ? "audit.exported" : "audit.read");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** What was read: the layer and row, or the address as it is. */
export function thing({ what }: LoggedRead): string {
  const path = /^(?:read|export) (.*)$/.exec(what)?.[1];
  if (path === undefined) return "";
  const [, layer, id, history] = ITEMS.exec(path) ?? [];
  if (!layer) return path;
  const name = [layerTitle(layer), id && decoded(id)].filter(Boolean).join(" ");
  return history ? t("audit.history_of", { name }) : name;
}

export const conditions = ({ filter }: LoggedRead): string =>
  filter.split("&").filter(Boolean).map(decoded).join(" · ");
