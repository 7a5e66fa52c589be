/** The URL is the state: a signal of path and query, and the few ways to change it. */
import { computed, signal } from "@preact/signals";

export interface Place {
  path: string;
  query: URLSearchParams;
}

function read(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

export const place = signal<Place>(read());
export const path = computed(() => place.value.path);
export const query = computed(() => place.value.query);

addEventListener("popstate", () => {
  place.value = read();
});

/** Query text with readable commas, colons and slashes. */
export function queryText(values: URLSearchParams): string {
  const text = values.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text ? `?${text.replaceAll("%2F", "/")}` : "";
}

export function navigate(url: string, options: { replace?: boolean } = {}): void {
  if (url === location.pathname + location.search) return;
  history[options.replace ? "replaceState" : "pushState"](null, "", url);
  place.value = read();
}

export type Patch = Record<string, string | number | null | undefined>;

/** The query after a patch; null, undefined and "" take a key away. */
export function patched(values: URLSearchParams, patch: Patch): URLSearchParams {
  const next = new URLSearchParams(values);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined || value === "") next.delete(key);
    else next.set(key, String(value));
  }
  return next;
}

/** Address of a path that keeps the present query, patched. */
export function href(to: string, patch: Patch = {}): string {
  return to + queryText(patched(query.value, patch));
}

export function setQuery(patch: Patch, options: { replace?: boolean } = {}): void {
  navigate(href(path.value, patch), options);
}

/** A part of an address as it is meant; as it stands where it is not well formed. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Match a pattern such as `/partners/:code`; returns its parameters, decoded, or null. */
export function match(pattern: string, actual: string): Record<string, string> | null {
  const want = pattern.split("/").filter(Boolean);
  const have = actual.split("/").filter(Boolean);
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const value = decoded(have[i] ?? "");
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

/** Follow links of this site without loading the page anew; put on the root element. */
export function onLinkClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey) return;
  if (event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest?.("a");
  if (!link || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || /^\/(api|basemap|health)\b/.test(url.pathname)) return;
  event.preventDefault();
  navigate(url.pathname + url.search);
}
