/** What the API tells of a proposal. */
import { url } from "../../api/client";
import type { Feature } from "../../api/types";
import type { Action, Difference } from "../history/Differences";

export interface Brief {
  id: string;
  layer: string;
  row: string; // id of the row
  title: { vi: string; en: string };
  action: Action;
  fields: string[];
  datetime: string; // date whose version is meant
  reason: string;
  author: string;
  mine: boolean;
  made_at: string; // ISO 8601, UTC
  state: "open" | "accepted" | "rejected" | "withdrawn";
  stale: boolean; // the row has changed since
  revision: number | null; // of the row as it is now
  decision: { by: string; at: string; note: string | null; revision: number | null } | null;
  may: { decide: boolean; withdraw: boolean };
}

export interface Clash {
  field: string;
  base: unknown;
  theirs: unknown;
  yours: unknown;
}

export interface Proposal extends Brief {
  before: Feature | null;
  after: Feature | null;
  now: Feature | null;
  changes: Difference[];
  clashes: Clash[] | null; // where the row has changed since
  moved_m: number | null;
}

export const listUrl = (state: string | null): string =>
  url("/api/proposals", { state, limit: 20 });
export const proposalUrl = (id: string): string => `/api/proposals/${encodeURIComponent(id)}`;
export const proposalPage = (id: string): string => `/proposals/${encodeURIComponent(id)}`;
