/** The one way to the server: returns data or throws an ApiError. */

/** What went wrong, in the words of the API's problem details (RFC 9457). */
export class ApiError extends Error {
  constructor(
    readonly status: number, // HTTP status; 0 where no answer came
    readonly code: string, // stable; "offline" where no answer came
    readonly detail: string,
    readonly parameter: string | null = null,
    readonly allowed: string[] = [],
    readonly members: Record<string, unknown> = {}, // all that the answer says
  ) {
    super(detail || code);
    this.name = "ApiError";
  }

  get offline(): boolean {
    return this.code === "offline";
  }
}

/** The error that an answer's problem details tell of. */
export function problemOf(
  status: number,
  statusText: string,
  body: Record<string, unknown>,
): ApiError {
  const code = typeof body.code === "string" ? body.code : `http_${status}`;
  const allowed = Array.isArray(body.allowed) ? body.allowed.map(String) : [];
  const said = String(body.detail ?? body.title ?? statusText ?? "");
  const parameter = (body.parameter as string | undefined) ?? null;
  return new ApiError(status, code, said, parameter, allowed, body);
}

async function problem(response: Response): Promise<ApiError> {
  const body = await response.json().catch(() => ({}));
  return problemOf(response.status, response.statusText, body);
}

/** The language that the page is in; the server words its errors in it. */
export const language = (): string => globalThis.document?.documentElement.lang || "vi";

async function answer(url: string, accept: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    const headers = { accept, "accept-language": language(), ...init.headers };
    response = await fetch(url, { ...init, headers });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new ApiError(0, "offline", String(error));
  }
  if (!response.ok) throw await problem(response);
  return response;
}

export async function request<T>(url: string, signal?: AbortSignal): Promise<T> {
  return (await tagged<T>(url, signal)).data;
}

/** Data with the tag of its state, which a change names in `If-Match`. */
export interface Tagged<T> {
  data: T;
  etag: string | null;
}

export async function tagged<T>(url: string, signal?: AbortSignal): Promise<Tagged<T>> {
  const response = await answer(url, "application/json", { signal });
  return { data: (await response.json()) as T, etag: response.headers.get("etag") };
}

/** The bytes at an address; null where there is nothing (204). */
export async function bytes(url: string, signal?: AbortSignal): Promise<Uint8Array | null> {
  const response = await answer(url, "*/*", { signal });
  return response.status === 204 ? null : new Uint8Array(await response.arrayBuffer());
}

/** The methods that an address takes from this client now. */
export async function allowed(url: string, signal?: AbortSignal): Promise<string[]> {
  const response = await answer(url, "*/*", { method: "OPTIONS", signal });
  return (response.headers.get("allow") ?? "").split(/\s*,\s*/);
}

/** What goes with every change; the session puts its token against forged requests here. */
export const guard: { csrf: string | null } = { csrf: null };

export interface Change {
  json?: unknown;
  body?: BodyInit; // in the place of `json`
  type?: string; // media type; application/json where `json` is given
  etag?: string | null; // state that the change was made on
}

export interface Changed<T> {
  data: T | null; // null where nothing came back
  etag: string | null;
  location: string | null;
}

/** Send a change; throws an ApiError if it was not made. */
export async function send<T>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  change: Change = {},
): Promise<Changed<T>> {
  const headers: Record<string, string> = {};
  const type = change.type ?? (change.json === undefined ? null : "application/json");
  if (type) headers["content-type"] = type;
  if (change.etag) headers["if-match"] = change.etag;
  if (guard.csrf) headers["x-csrf-token"] = guard.csrf;
  const body = change.json === undefined ? change.body : JSON.stringify(change.json);
  const response = await answer(url, "application/json", { method, headers, body });
  const text = await response.text();
  return {
    data: text ? (JSON.parse(text) as T) : null,
    etag: response.headers.get("etag"),
    location: response.headers.get("location"),
  };
}

export type Params = Record<string, string | number | null | undefined>;

/** `path` with the given query; null, undefined and "" are left out. */
export function url(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") query.set(key, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
