/** Lines and areas, drawn on canvas: provinces, borders, corridors. */
import L from "leaflet";
import type { Feature, LonLat } from "../api/types";
import { token } from "../theme/theme";
import { toLatLng } from "./adapter";
import type { Role } from "./types";

type Styles = { style: L.PathOptions; casings?: L.PathOptions[] };

const DASH_DOT = "14 4 2 4"; // px
const BORDER_WIDTH = 2.4; // px
const CORRIDOR_WIDTH = 4; // px

function unitStyle(feature: Feature, land: boolean): Styles {
  const country = feature.properties.level === "country";
  return {
    style: {
      pane: "units",
      interactive: false,
      color: token(country ? "--border-open" : "--province"),
      weight: country ? 1.4 : 1,
      stroke: land, // the base map has these lines already
      fill: land,
      fillColor: token("--land"),
      fillOpacity: 1,
    },
  };
}

function focusStyle(): Styles {
  const color = token("--accent");
  const look = { color, weight: 2, opacity: 0.9, fill: true, fillColor: color, fillOpacity: 0.07 };
  return { style: { ...look, pane: "units", interactive: false } };
}

function borderStyle(feature: Feature): Styles {
  const open = ["no", "unknown"].includes(String(feature.properties.demarcated ?? "unknown"));
  return {
    casings: [{ color: token("--border-casing"), weight: 6, opacity: 0.85 }],
    style: {
      color: token(open ? "--border-open" : "--border-line"),
      weight: BORDER_WIDTH,
      dashArray: DASH_DOT,
      lineCap: "butt",
    },
  };
}

function corridorStyle(feature: Feature): Styles {
  const color = token("--corridor");
  const schematic = feature.properties.geometry_quality === "schematic";
  return {
    casings: [
      ...(schematic
        ? [{ color, weight: CORRIDOR_WIDTH + 7, dashArray: "3 5", lineCap: "butt" }]
        : []),
      { color: token("--corridor-casing"), weight: CORRIDOR_WIDTH + 4, lineCap: "round" },
    ] as L.PathOptions[],
    style: { color, weight: CORRIDOR_WIDTH, lineCap: "round" },
  };
}

function styleOf(role: Role, feature: Feature, land: boolean): Styles {
  if (role === "focus") return focusStyle();
  if (role === "units" || role === "islands") return unitStyle(feature, land);
  return role === "corridor" ? corridorStyle(feature) : borderStyle(feature);
}

function path(feature: Feature, style: L.PathOptions): L.GeoJSON {
  const options = { style: () => style, ...style } as L.GeoJSONOptions;
  return L.geoJSON(feature as GeoJSON.Feature, options);
}

export interface LineHooks {
  land: boolean; // whether areas paint the land (there is no base map)
  renderer: L.Renderer;
  onHit: (role: Role, id: string) => void;
}

/** One role's lines: the light casings below all, then the lines themselves. */
export function lineLayer(role: Role, features: Feature[], hooks: LineHooks): L.LayerGroup {
  const drawable = features.filter((f) => f.geometry && f.geometry.type !== "Point");
  const under: L.Layer[] = [];
  const lines: L.Layer[] = [];
  for (const feature of drawable) {
    const { style, casings = [] } = styleOf(role, feature, hooks.land);
    const renderer = hooks.renderer;
    for (const casing of casings)
      under.push(path(feature, { ...casing, renderer, interactive: false }));
    const line = path(feature, { ...style, renderer });
    if (style.interactive !== false) line.on("click", () => hooks.onHit(role, feature.id));
    lines.push(line);
  }
  return L.layerGroup([...under, ...lines]);
}

/** The glow under a selected line or area. */
export function glow(feature: Feature, renderer: L.Renderer): L.GeoJSON {
  const color = token("--accent");
  return path(feature, {
    renderer,
    interactive: false,
    color,
    weight: 12,
    opacity: 0.4,
    fill: false,
  });
}

/** From where something stood to where it is to stand. */
export function wayLine(from: LonLat, to: LonLat): L.Polyline {
  return L.polyline([toLatLng(from), toLatLng(to)], {
    renderer: L.svg({ pane: "lines" }),
    className: "way-line",
    interactive: false,
    color: token("--accent"),
    weight: 3,
    dashArray: "6 5",
  });
}
