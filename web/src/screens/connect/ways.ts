/** What to paste into each program, as text: tested by running it against a server. */

import type { Params } from "../../api/client";

export interface Place {
  api: string; // address of /api
  layer: string;
  url: string | null; // GeoJSON of the layer as it is filtered; null where it is not
}

/** The layer as a source of GDAL: from the API itself, or where a filter is set, from one answer. */
const source = ({ api, layer, url }: Place): string =>
  url ? `"${url}"` : `"OAPIF:${api}" ${layer}`;

export function gdal(place: Place): string {
  const { layer, url } = place;
  const named = url ? ` -nln ${layer}` : "";
  return [
    `ogrinfo -ro -so ${url ? `-al ${source(place)}` : source(place)}`,
    `ogr2ogr -f GPKG ${layer}.gpkg ${source(place)}${named}`,
  ].join("\n");
}

export function geopandas({ api, layer, url }: Place): string {
  const from = url ? `"${url}"` : `"OAPIF:${api}", layer="${layer}"`;
  return `import geopandas\n\n${layer} = geopandas.read_file(${from})\nprint(len(${layer}))`;
}

/** `, name="value"` for each that has one: keywords of a Python call. */
function keywords(asked: Params): string {
  const named = Object.entries(asked).filter(([, value]) => value);
  return named.map(([name, value]) => `, ${name}=${JSON.stringify(value)}`).join("");
}

export function owslib({ api, layer }: Place, { datetime, ...rest }: Params): string {
  const narrowed = keywords({ datetime_: datetime, ...rest });
  return [
    "from owslib.ogcapi.features import Features",
    "",
    `api = Features("${api}")`,
    `page = api.collection_items("${layer}", limit=100${narrowed})`,
    'print(page["numberMatched"])',
  ].join("\n");
}

/** Our own package, on the machine that holds the register. */
export function notebook(layer: string, { datetime, ...rest }: Params): string {
  const words = keywords({ as_of: datetime, ...rest }).slice(2);
  return [
    "import geo",
    "",
    'register = geo.open("var/cotmoc.gpkg")',
    `${layer} = register.${layer}(${words})`,
    `print(len(${layer}))`,
  ].join("\n");
}

export function sf({ api, layer, url }: Place): string {
  const from = url ? `"${url}"` : `"OAPIF:${api}", "${layer}"`;
  return `library(sf)\n\n${layer} <- st_read(${from})`;
}
