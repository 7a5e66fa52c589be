/** Shapes of the HTTP API. Positions are [lng, lat], boxes [w, s, e, n]; WGS 84 degrees. */
export type LonLat = [lng: number, lat: number];
export type BBox = [w: number, s: number, e: number, n: number];
export type Properties = Record<string, unknown>;

export type Geometry =
  | { type: "Point"; coordinates: LonLat }
  | { type: "MultiPoint" | "LineString"; coordinates: LonLat[] }
  | { type: "MultiLineString" | "Polygon"; coordinates: LonLat[][] }
  | { type: "MultiPolygon"; coordinates: LonLat[][][] };

export interface Feature<P = Properties> {
  type: "Feature";
  id: string;
  geometry: Geometry | null;
  properties: P;
}

export interface FeatureCollection<P = Properties> {
  type: "FeatureCollection";
  features: Feature<P>[];
  numberMatched?: number;
  numberReturned?: number;
  links?: { rel: string; href: string; type?: string; title?: string }[];
}

export interface Counts {
  layer: string;
  by: string[];
  total: number;
  distinct?: Record<string, number>; // how many values a property has
  counts: (Record<string, string | null> & { count: number })[];
}

export interface ProgressRow {
  measure: string;
  numerator: number | null;
  denominator: number | null;
  unit: string | null;
  as_of: string | null;
  source?: string | null;
  source_id?: string | null;
  confidence?: string | null;
  basis: "reported" | "register";
  border?: string | null;
  held?: number; // how many the register has at all
  qualifier?: string | null;
  note?: string | null;
  note_vi?: string | null;
  complete?: boolean | null;
  difference?: number | null;
}

export interface Progress {
  border: string | null;
  as_of: string;
  province: string | null;
  reported: ProgressRow[];
  plans?: ProgressRow[];
  register: ProgressRow[];
}

export interface Face {
  id: string;
  code?: string | null;
  name_vi: string;
  name_en: string;
  country?: string;
  border?: string;
  length_km?: number | null;
  feature?: Feature;
}

export interface PartnerSummary {
  code: string;
  id: string;
  name_vi: string;
  name_en: string;
  name_local: string | null;
  country: string;
  bbox: BBox;
  faces: Face[];
}

export interface Partner extends PartnerSummary {
  unit: Feature;
  borders: FeatureCollection;
  gates: FeatureCollection;
  corridors: FeatureCollection;
  projects: FeatureCollection;
  agreements: Properties[];
  commitments: Properties[];
  exchanges: Properties[];
  indicators: Properties[];
  sources: Properties[];
}

export interface Corridor {
  id: string;
  name_vi: string;
  name_en: string;
  length_published_km: number | null;
  length_measured_km: number | null;
  countries: string[];
  segments_count: number;
  position_uncertainty_m: number | null;
  segments?: FeatureCollection; // of one corridor
  bbox: BBox | null; // null where it has no line
}

export interface CorridorTotal {
  kind: string;
  count: number;
  unstated: number; // of them without a stated amount
  amounts: { currency: string; value: number }[];
}

export interface CorridorProjects {
  corridor: string;
  within_km: number;
  uncertainty_km: number | null;
  total: number; // certainly within reach
  possible: number; // more that may be, given how exact line and place are
  totals: CorridorTotal[];
  unlocated: number;
  features: Feature[];
}

export interface SearchResult {
  layer: string;
  id: string;
  title_vi: string;
  title_en: string;
  subtitle_vi: string | null;
  subtitle_en: string | null;
  bbox: BBox | null;
}

export interface FieldInfo {
  name: string;
  kind: string;
  title_vi: string;
  title_en: string;
  unit: string | null;
  vocabulary: string | null;
}

export interface LayerInfo {
  name: string;
  title_vi: string;
  title_en: string;
  geometry: string | null;
  fields: FieldInfo[];
}

export interface Info {
  name: string;
  version: string;
  viewpoint: string;
  viewpoint_statement: { vi: string; en: string };
  exercise: boolean;
  today: string;
  bbox: BBox;
  layers: LayerInfo[];
  attribution: { text: string; licence: string }[];
}

export type Word = { value: string; vi: string; en: string };
export type Vocabularies = Record<string, Word[]>;
