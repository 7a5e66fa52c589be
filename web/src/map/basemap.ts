/** The built-in base map: vector tiles of this host, painted in the theme's colours. */
import type L from "leaflet";

/** Set up what lies under everything; answers whether there is a base map. */
export async function addBasemap(_map: L.Map): Promise<boolean> {
  return false;
}
