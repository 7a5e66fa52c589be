/** Points from the API's vector tiles: asked for by window, held by zoom, told of when they come. */
import { VectorTile } from "@mapbox/vector-tile";
import Pbf from "pbf";
import type { ApiError } from "../api/client";
import { bytes } from "../api/client";
import type { BBox, Feature, LonLat } from "../api/types";

/** Points that the server has gathered into one: how many, and how many in each condition. */
export interface Gathered {
  at: LonLat;
  markers: number;
  conditions: Record<string, number>;
}

export interface Points {
  features: Feature[]; // those that stand alone
  gathered: Gathered[];
}

export interface Tile {
  z: number;
  x: number;
  y: number;
}

const NOTHING: Points = { features: [], gathered: [] };
const COARSER = 1; // zooms from the map's to its tiles', which are so drawn 512 px wide or more
const DEEPEST = 14; // zoom at which half a unit of a tile is 0.3 m; deeper ones tell nothing more
const MOST = 64; // tiles held of one zoom
const WAIT = 120; // ms in which tiles that come one by one are drawn together
const PREFIX = "condition_";

export function tileZoom(zoom: number): number {
  return Math.min(DEEPEST, Math.max(0, Math.floor(zoom) - COARSER));
}

function column(lng: number, z: number): number {
  return Math.floor(((lng + 180) / 360) * 2 ** z);
}

function row(lat: number, z: number): number {
  const sin = Math.sin((lat * Math.PI) / 180);
  return Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * 2 ** z);
}

/** Tiles of a zoom that a box in degrees touches. */
export function tilesOver([w, s, e, n]: BBox, z: number): Tile[] {
  const last = 2 ** z - 1;
  const within = (value: number) => Math.min(last, Math.max(0, value));
  const tiles: Tile[] = [];
  for (let y = within(row(n, z)); y <= within(row(s, z)); y++)
    for (let x = within(column(w, z)); x <= within(column(e, z)); x++) tiles.push({ z, x, y });
  return tiles;
}

function conditionsOf(properties: Record<string, unknown>): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [key, n] of Object.entries(properties)) {
    if (!key.startsWith(PREFIX)) continue;
    const condition = key.slice(PREFIX.length);
    found[condition === "none" ? "unknown" : condition] = Number(n);
  }
  return found;
}

/** The points of a tile's layer. */
export function decoded(body: Uint8Array, layer: string, { z, x, y }: Tile): Points {
  const found = new VectorTile(new Pbf(body)).layers[layer];
  const points: Points = { features: [], gathered: [] };
  if (!found) return NOTHING;
  for (let i = 0; i < found.length; i++) {
    const { geometry, properties } = found.feature(i).toGeoJSON(x, y, z) as Feature;
    const at = (geometry as { coordinates: LonLat }).coordinates;
    const markers = Number(properties.count ?? 1);
    if (markers > 1) points.gathered.push({ at, markers, conditions: conditionsOf(properties) });
    else points.features.push({ type: "Feature", id: String(properties.id), geometry, properties });
  }
  return points;
}

/** What is held of one address at one zoom. */
class Level {
  readonly tiles = new Map<string, Points>();
  readonly coming = new Map<string, AbortController>();
  error: ApiError | null = null;

  constructor(
    readonly template: string,
    readonly z: number,
  ) {}

  cancel(): void {
    for (const abort of this.coming.values()) abort.abort();
    this.coming.clear();
  }

  /** Forget the oldest tiles beyond the most that are held, but none of those wanted. */
  trim(wanted: ReadonlySet<string>): void {
    for (const key of this.tiles.keys()) {
      if (this.tiles.size <= MOST) return;
      if (!wanted.has(key)) this.tiles.delete(key);
    }
  }
}

export interface TileEvents {
  onPoints: () => void;
  onState: (state: TileState) => void;
}

export interface TileState {
  loading: boolean;
  error: ApiError | null;
}

/** Holds the points of the window last asked for; until they are there, those of the one before. */
export class TilePoints {
  private shown = new Level("", 0);
  private asked = this.shown;
  private told: TileState = { loading: false, error: null };
  private timer = 0;
  points: Points = NOTHING;

  constructor(
    private readonly layer: string,
    private readonly events: TileEvents,
  ) {}

  /** `template` is an address with {z}, {y} and {x}; empty for no points at all. */
  ask(template: string, bbox: BBox, zoom: number): void {
    const z = tileZoom(zoom);
    if (this.asked.template !== template || this.asked.z !== z) {
      this.asked.cancel();
      this.asked = new Level(template, z);
    }
    const tiles = template ? tilesOver(bbox, z) : [];
    this.asked.trim(new Set(tiles.map(keyOf)));
    this.asked.error = null;
    for (const tile of tiles) this.fetch(this.asked, tile);
    if (this.asked.coming.size > 0 || this.asked !== this.shown) this.settle(this.asked);
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.asked.cancel();
  }

  private fetch(level: Level, tile: Tile): void {
    const key = keyOf(tile);
    if (level.tiles.has(key) || level.coming.has(key)) return;
    const abort = new AbortController();
    level.coming.set(key, abort);
    bytes(addressOf(level.template, tile), abort.signal)
      .then(
        (body) => level.tiles.set(key, body ? decoded(body, this.layer, tile) : NOTHING),
        (error) => {
          if (!abort.signal.aborted) level.error = error;
        },
      )
      .then(() => {
        if (abort.signal.aborted) return;
        level.coming.delete(key);
        this.settle(level);
      });
  }

  private settle(level: Level): void {
    const loading = level.coming.size > 0;
    this.tell({ loading, error: level.error });
    if (!loading) this.show(level);
    else if (level === this.shown && !this.timer)
      this.timer = window.setTimeout(() => this.show(level), WAIT);
  }

  private tell(state: TileState): void {
    const { loading, error } = this.told;
    if (state.loading === loading && state.error === error) return;
    this.told = state;
    this.events.onState(state);
  }

  private show(level: Level): void {
    clearTimeout(this.timer);
    this.timer = 0;
    if (level !== this.asked) return;
    if (level.error && level.tiles.size === 0) return; // what was shown stays
    this.shown = level;
    const tiles = [...level.tiles.values()];
    this.points = {
      features: tiles.flatMap(({ features }) => features),
      gathered: tiles.flatMap(({ gathered }) => gathered),
    };
    this.events.onPoints();
  }
}

const keyOf = ({ x, y }: Tile): string => `${x}/${y}`;

function addressOf(template: string, { z, x, y }: Tile): string {
  return template.replace("{z}", `${z}`).replace("{y}", `${y}`).replace("{x}", `${x}`);
}
