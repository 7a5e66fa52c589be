/** The built-in base map: vector tiles of this host, painted in the theme's colours. */
import L from "leaflet";
import {
  type Feature,
  LineSymbolizer,
  leafletLayer,
  type PaintRule,
  PolygonSymbolizer,
} from "protomaps-leaflet";
import type { BBox, LonLat } from "../api/types";
import { token } from "../theme/theme";
import { toBounds, toLatLng } from "./adapter";

const TILES = "/basemap/base.pmtiles";
const RELIEF = { picture: "/basemap/hillshade.png", about: "/basemap/hillshade.json" };
const MAX_DATA_ZOOM = 9; // deepest level of the tiles; beyond it they are enlarged
const RAILWAY_ZOOM = 8;

(globalThis as { L?: typeof L }).L = L; // protomaps-leaflet looks for Leaflet there

type Width = (zoom: number) => number;
const width =
  (from: number, step: number): Width =>
  (zoom) =>
    Math.max(0.5, from + step * (zoom - 6));

function line(
  name: string,
  colour: string,
  options: Partial<PaintRule> & { width: Width; dash?: number[] },
): PaintRule {
  const { width: w, dash, ...rest } = options;
  const symbolizer = new LineSymbolizer({
    color: token(colour),
    width: w,
    dash,
    dashColor: token(colour),
    dashWidth: w,
  });
  return { dataLayer: name, symbolizer, ...rest };
}

const area = (name: string, colour: string): PaintRule => ({
  dataLayer: name,
  symbolizer: new PolygonSymbolizer({ fill: token(colour) }),
});

/** Limits that still stood on the day; `until` is the first day without them. */
const standing = (day: string) => (_zoom: number, feature: Feature) =>
  !feature.props.until || String(feature.props.until) > day;

/** Frontiers of Viet Nam are drawn as borders, from the register. */
const foreign = (_zoom: number, feature: Feature) =>
  !String(feature.props.countries).toLowerCase().split("-").includes("vn");

export interface Ground {
  day: string; // YYYY-MM-DD
  provinces: boolean;
}

function rules({ day, provinces }: Ground): PaintRule[] {
  const limits = line("provinces", "--province", { width: width(0.8, 0.2), filter: standing(day) });
  return [
    area("land", "--land"),
    area("lakes", "--sea"),
    line("rivers", "--river", { width: width(0.8, 0.3) }),
    line("railways", "--rail-line", {
      width: width(0.7, 0.1),
      minzoom: RAILWAY_ZOOM,
      dash: [5, 3],
    }),
    ...(provinces ? [limits] : []),
    line("frontiers", "--border-open", {
      width: width(1.2, 0.15),
      dash: [8, 3, 2, 3],
      filter: foreign,
    }),
  ];
}

/** Whether the archive is there: its first bytes are asked for, as the tiles will be. */
async function exists(url: string): Promise<boolean> {
  const answer = await fetch(url, { headers: { range: "bytes=0-6" } }).catch(() => null);
  return answer?.ok ?? false;
}

async function boundsOfRelief(): Promise<BBox | null> {
  const answer = await fetch(RELIEF.about).catch(() => null);
  return answer?.ok ? ((await answer.json()) as { bounds: BBox }).bounds : null;
}

function addRelief(map: L.Map, bounds: BBox): L.ImageOverlay {
  const options = { pane: "relief", opacity: Number(token("--relief")), className: "relief" };
  return L.imageOverlay(RELIEF.picture, toBounds(bounds), options).addTo(map);
}

/** What the tiles cover: the mainland to 112° E, and the sea of the islands to 118° E. */
const COVERED: LonLat[] = [
  [92, 5],
  [118, 5],
  [118, 21.7],
  [112, 21.7],
  [112, 28],
  [92, 28],
];
const WORLD: LonLat[] = [
  [60, -30],
  [160, -30],
  [160, 60],
  [60, 60],
];

/** Veil what the base map knows nothing of, so that it does not look like sea. */
function addVeil(map: L.Map): L.Polygon {
  const rings = [WORLD, COVERED].map((ring) => ring.map(toLatLng));
  const look = { stroke: false, fillColor: token("--beyond"), fillOpacity: 1 };
  return L.polygon(rings, { ...look, pane: "relief", interactive: false }).addTo(map);
}

type Tiles = L.GridLayer & {
  paintRules: PaintRule[];
  backgroundColor: string;
  rerenderTiles(): void;
};

export class Basemap {
  private tiles: Tiles | null = null;
  private relief: L.ImageOverlay | null = null;
  private veil: L.Polygon | null = null;
  private ground: Ground = { day: "9999", provinces: true };

  /** Put what there is of it under everything, unless the map is `gone` by then; is there land? */
  async add(map: L.Map, gone: () => boolean): Promise<boolean> {
    const [relief, tiles] = await Promise.all([boundsOfRelief(), exists(TILES)]);
    if (gone()) return false;
    if (relief) this.relief = addRelief(map, relief);
    if (!tiles) return false;
    this.veil = addVeil(map);
    this.tiles = leafletLayer({
      url: TILES,
      paintRules: rules(this.ground),
      labelRules: [],
      maxDataZoom: MAX_DATA_ZOOM,
      backgroundColor: token("--sea"),
      noWrap: true,
    }) as unknown as Tiles;
    this.tiles.addTo(map);
    return true;
  }

  paint(ground: Ground = this.ground): void {
    this.ground = ground;
    if (!this.tiles) return;
    this.tiles.paintRules = rules(ground);
    this.tiles.backgroundColor = token("--sea");
    this.tiles.rerenderTiles();
    this.relief?.setOpacity(Number(token("--relief")));
    this.veil?.setStyle({ fillColor: token("--beyond") });
  }
}
