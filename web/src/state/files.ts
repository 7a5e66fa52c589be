/** Addresses of files that leave the register, as the screen filters it. */
import type { Params } from "../api/client";
import { url } from "../api/client";
import { shownParams } from "./filters";

/** The whole of what is shown of a layer, in a format; no limit, so nothing is cut. */
export function fileUrl(layer: string, format: string, more: Params = {}): string {
  const asked = { ...shownParams(layer), ...more, f: format, download: 1 };
  return url(`/api/collections/${layer}/items`, asked);
}
