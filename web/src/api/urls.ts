/** Addresses of the API, each written once. */
import { type Params, url } from "./client";

const id = encodeURIComponent;

export const LIMIT = 2000; // features in one answer; what may be more comes in pages or tiles
export const PAGE = 100; // features in a page of a list

export const importsUrl = "/api/imports";
export const jobsUrl = "/api/jobs";
export const infoUrl = "/api/info";
export const vocabulariesUrl = "/api/vocabularies";
export const partnersUrl = "/api/partners";
export const corridorsUrl = "/api/corridors";
export const itemsUrl = (layer: string, params: Params = {}): string =>
  url(`/api/collections/${layer}/items`, { limit: LIMIT, ...params });
/** Address of a layer's vector tiles, with {z}, {y} and {x} in it. */
export const tilesUrl = (layer: string, params: Params = {}): string =>
  url(`/api/collections/${layer}/tiles/WebMercatorQuad/{z}/{y}/{x}`, params);
export const itemUrl = (layer: string, item: string, params: Params = {}): string =>
  url(`/api/collections/${layer}/items/${id(item)}`, params);
export const countsUrl = (layer: string, by: string, params: Params = {}): string =>
  url(`/api/collections/${layer}/counts`, { by, ...params });
export const progressUrl = (params: Params): string => url("/api/progress", params);
export const partnerUrl = (code: string): string => `/api/partners/${id(code)}`;
export const corridorUrl = (corridor: string): string => `/api/corridors/${id(corridor)}`;
export const corridorProjectsUrl = (corridor: string, within_km: number): string =>
  url(`${corridorUrl(corridor)}/projects`, { within_km });
export const searchUrl = (q: string, limit = 12, layers?: string): string =>
  url("/api/search", { q, limit, layers });
export const schemaUrl = (layer: string, lang: string): string =>
  url(`/api/collections/${layer}/schema`, { lang });
export const evidenceUrl = "/api/evidence";
/** What the files of a row are; without one only what files are taken. */
export const filesUrl = (row: string | null): string => url(evidenceUrl, { row });
/** A file: as a row shows it, or as one brought it oneself; a picture in a size. */
export const fileUrl = (sha256: string, row: string | null, size?: string): string =>
  url(`${evidenceUrl}/${sha256}`, { row, size });
export const auditUrl = (part = "", params: Params = {}): string =>
  url(`/api/audit${part}`, params);
