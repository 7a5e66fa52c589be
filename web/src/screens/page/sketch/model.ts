/** What a sketch map shows, in the order of drawing. */
import type { BBox, Geometry, LonLat } from "../../../api/types";
import type { Part } from "../../../map/signs";

export type AreaRole = "subject" | "facing" | "other";
export type LineRole = "border" | "border-open" | "corridor" | "corridor-schematic";

export interface SketchArea {
  id: string;
  geometry: Geometry | null;
  role: AreaRole;
  label: string;
  onOpen?: () => void; // by click or touch
}

export interface SketchLine {
  id: string;
  geometry: Geometry | null;
  role: LineRole;
}

export interface SketchPoint {
  id: string;
  at: LonLat;
  parts: Part[];
  radius: number; // px that the sign takes to each side
  opacity?: number;
  shift?: number; // px to the right of `at`, for twins
  label: string | null;
  important?: boolean; // labelled first, in bold
}

export interface LegendEntry {
  key: string;
  parts: Part[];
  text: string;
  count?: number;
}

/** Island groups that the map's viewpoint draws, shown in an inset where the map does not reach. */
export interface SketchIsland {
  id: string;
  geometry: Geometry | null;
  at: LonLat; // of the label
  label: string;
}

export interface Sketch {
  title: string; // what a screen reader says of the map
  bbox: BBox;
  areas: SketchArea[];
  lines: SketchLine[];
  points: SketchPoint[];
  legend: LegendEntry[];
  islands: SketchIsland[];
  crowded?: boolean; // small names, and only where they fit
}
