/** Shapes of `/api/imports`. */
import type { Feature, FeatureCollection } from "../../api/types";

export interface Finding {
  row: number | null; // as the sheet counts, from 1; null where it is of the whole sheet
  column: string | null; // letter
  header: string | null;
  value: string | null;
  level: "error" | "approval" | "warning";
  code: string;
  text_vi: string;
  text_en: string;
}

export interface Column {
  column: string; // letter
  header: string;
  unit: string | null;
  target: string | null; // a property, or one of the server's own such as @lon
  confidence: number; // 0–1
}

export interface Options {
  layer: string;
  sheet: string | null;
  crs: string | null;
  mapping: Record<string, string | null>;
  constants: Record<string, string>;
  mark: "," | "." | null;
  as_of: string | null; // YYYY-MM-DD
  document: string | null;
  accept: string[];
}

export interface Zone {
  crs: string;
  vi: string;
  en: string;
}

export interface Preview {
  id: string;
  file: string;
  options: Options;
  sheet: string | null;
  sheets: string[];
  columns: Column[];
  targets: string[];
  as_of: string | null;
  systems: { crs: string; by: string }[];
  zones: Zone[];
  fits: { crs: string; share: number }[]; // share of the points that lie in their province
  counts: Record<string, number>;
  findings: Finding[];
}

export type Action = "create" | "change" | "same" | "error";

export interface Row {
  row: number;
  id: string | null;
  label: string | null;
  action: Action;
  changes: Record<string, [before: unknown, after: unknown]>;
  findings: Finding[];
}

export interface Rows {
  total: number;
  start: number;
  rows: Row[];
}

export interface Done {
  import: string;
  written: Record<string, number>;
}

/** What came of an import that was sent to an approver: the id of the proposal. */
export interface Proposed {
  proposal: string;
}

export type PointRow = Omit<Feature, "id"> & { id: number };
export type PointRows = Omit<FeatureCollection, "features"> & { features: PointRow[] };

export interface Progress {
  done: number;
  of: number | null;
  vi: string;
  en: string;
}

export type State =
  | "judging"
  | "ready"
  | "failed"
  | "cancelled"
  | "committing"
  | "committed"
  | "proposing"
  | "proposed";

/** An upload; its preview is there once the file has been read. */
export type Told = Partial<Preview> & {
  id: string;
  file: string;
  state?: State; // absent where nothing takes long
  progress?: Progress | null;
  job?: string | null; // address of what works on it
  problem?: { detail?: string; findings?: Finding[] } | null;
  done?: Done | Proposed | null;
};

export const isReady = (told: Told): told is Told & Preview =>
  told.columns !== undefined && (told.state ?? "ready") === "ready";
export const isWorking = ({ state }: Told): boolean =>
  state === "judging" || state === "committing" || state === "proposing";
