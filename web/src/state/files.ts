/** Addresses of files that leave the register, as the screen filters it. */
import type { Params } from "../api/client";
import { send, url } from "../api/client";
import { jobsUrl } from "../api/urls";
import { shownParams } from "./filters";

/** Ask the server to make the same file while one does something else. */
export async function makeLater(layer: string, f: string, more: Params = {}): Promise<void> {
  const asked = Object.entries({ ...shownParams(layer), ...more });
  const query = asked.flatMap(([name, value]) => (value ? [[name, String(value)]] : []));
  const json = { kind: "export", layer, f, query: Object.fromEntries(query) };
  await send("POST", jobsUrl, { json });
}

/** The whole of what is shown of a layer, in a format; no limit, so nothing is cut. */
export function fileUrl(layer: string, format: string, more: Params = {}): string {
  const asked = { ...shownParams(layer), ...more, f: format, download: 1 };
  return url(`/api/collections/${layer}/items`, asked);
}
