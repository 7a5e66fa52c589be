/** What the rest of the web app knows of the map: roles, features, views. No Leaflet here. */
import type { BBox, Feature, LonLat } from "../api/types";
import type { TileState } from "./tiles";

/** What an overlay means; decides its sign, its place in the stack and its label. */
export const ROLES = [
  "units",
  "focus",
  "borders",
  "corridor",
  "projects",
  "places",
  "islands",
  "gates",
  "markers",
] as const;
export type Role = (typeof ROLES)[number];

export type Overlays = Partial<Record<Role, Feature[]>>;

/** Where the markers come from that no overlay holds. */
export interface MarkerTiles {
  template: string; // address with {z}, {y} and {x}; empty for none
  dense: boolean; // whether the register holds many
}

export interface FeatureRef {
  role: Role;
  id: string;
}

export interface View {
  center: LonLat;
  zoom: number; // 0 = world in one tile of 256 px
}

/** A box to bring into view; a new `key` asks for it again. */
export interface Fit {
  bbox: BBox;
  key: string;
}

/** Edges of the map that something else covers, px. */
export interface Inset {
  top: number;
  bottom: number;
  left?: number;
}

export interface MapViewProps {
  overlays: Overlays;
  tiles?: MarkerTiles;
  chosen?: Feature | null; // the selected feature, where no overlay holds it
  label: string; // what a screen reader calls this map
  view?: View | null; // where to be; wins over `fit` on the first draw
  fit?: Fit | null;
  selected?: FeatureRef | null;
  onSelect?: (ref: FeatureRef | null) => void;
  pin?: LonLat | null; // a place that is being chosen, or asked for
  pinFrom?: LonLat | null; // where a line leads to it from
  onPick?: (at: LonLat) => void; // a click chooses a place, not what stands there
  onMove?: (view: View, bbox: BBox, byUser: boolean) => void;
  onTiles?: (state: TileState) => void;
  reload?: number; // counted up to ask again for tiles that did not come
  onIslands?: (named: string[]) => void; // island groups that bear their name on the map
  small?: boolean; // a still picture of a page: no wheel zoom, no controls but + and −
  inset?: Inset; // what something else covers
  date?: string; // YYYY-MM-DD; whose province limits the base map shows
  provinces?: boolean; // whether it shows them
}
