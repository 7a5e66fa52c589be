/** Layers whose rows have a page of their own. */
export const PAGES = ["markers", "gates", "projects"];

/** Where a row is shown: its page, or the map with the row open. */
export function pageOf(layer: string, id: string): string {
  const key = `${layer}/${encodeURIComponent(id)}`;
  return PAGES.includes(layer) ? `/${key}` : `/?sel=${key}`;
}
