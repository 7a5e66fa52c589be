/** In the place of the ready-made styles of @protomaps/basemaps: the map has its own (`basemap.ts`). */
export function namedFlavor(name: string): never {
  throw new Error(`no flavor ${name}`);
}
