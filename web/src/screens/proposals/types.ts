/** What the API tells of a proposal. */
import { url } from "../../api/client";
import type { Feature } from "../../api/types";
import type { Action, Difference } from "../history/Differences";

export interface Brief {
  id: string;
  layer: string;
  row: string | null; // id of the row; null of a whole import
  title: { vi: string; en: string };
  action: Action | "import";
  fields: string[];
  datetime: string; // date whose version is meant
  reason: string;
  author: string;
  mine: boolean;
  made_at: string; // ISO 8601, UTC
  state: "open" | "accepted" | "rejected" | "withdrawn";
  stale: boolean; // the row has changed since
  revision: number | null; // of the row as it is now; of an import a count of all its changes
  decision: { by: string; at: string; note: string | null; revision: number | null } | null;
  may: { decide: boolean; withdraw: boolean };
  import: OfImport | null;
}

/** What is known of a whole import that is proposed. */
export interface OfImport {
  file: string;
  document: string | null;
  rows: number;
  counts: Record<string, { create: number; edit: number }>; // by layer
  number: string | null; // by which it is undone, once it was accepted
  changed: number; // rows that have changed since
}

export interface Clash {
  field: string;
  base: unknown;
  theirs: unknown;
  yours: unknown;
}

/** Before, after and now, of a row. */
export interface Sides {
  before: Feature | null;
  after: Feature | null;
  now: Feature | null;
  changes: Difference[];
  clashes: Clash[] | null; // where the row has changed since
  moved_m: number | null;
}

export interface Proposal extends Brief, Sides {}

/** A row of an import that is proposed; of one that is hidden by now only that there is one. */
export interface ProposedRow extends Sides {
  row: number; // as the sheet counts, from 1
  layer: string;
  id: string | null;
  title: { vi: string; en: string } | null;
  action: "create" | "edit";
  stale: boolean;
}

export interface ProposedRows {
  total: number;
  start: number;
  rows: ProposedRow[];
}

export const listUrl = (state: string | null): string =>
  url("/api/proposals", { state, limit: 20 });
export const proposalUrl = (id: string): string => `/api/proposals/${encodeURIComponent(id)}`;
export const proposalPage = (id: string): string => `/proposals/${encodeURIComponent(id)}`;
