/** The one way to the server: returns data or throws an ApiError. */

/** What went wrong, in the words of the API's problem details (RFC 9457). */
export class ApiError extends Error {
  constructor(
    readonly status: number, // HTTP status; 0 where no answer came
    readonly code: string, // stable; "offline" where no answer came
    readonly detail: string,
    readonly parameter: string | null = null,
    readonly allowed: string[] = [],
  ) {
    super(detail || code);
    this.name = "ApiError";
  }

  get offline(): boolean {
    return this.code === "offline";
  }
}

async function problem(response: Response): Promise<ApiError> {
  const body = await response.json().catch(() => ({}));
  const code = typeof body.code === "string" ? body.code : `http_${response.status}`;
  const allowed = Array.isArray(body.allowed) ? body.allowed.map(String) : [];
  const detail = body.detail ?? body.title ?? response.statusText;
  return new ApiError(response.status, code, String(detail ?? ""), body.parameter ?? null, allowed);
}

/** The language that the page is in; the server words its errors in it. */
const language = (): string => globalThis.document?.documentElement.lang || "vi";

async function answer(url: string, accept: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    const headers = { accept, "accept-language": language() };
    response = await fetch(url, { signal, headers });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new ApiError(0, "offline", String(error));
  }
  if (!response.ok) throw await problem(response);
  return response;
}

export async function request<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await answer(url, "application/json", signal);
  return (await response.json()) as T;
}

/** The bytes at an address; null where there is nothing (204). */
export async function bytes(url: string, signal?: AbortSignal): Promise<Uint8Array | null> {
  const response = await answer(url, "*/*", signal);
  return response.status === 204 ? null : new Uint8Array(await response.arrayBuffer());
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
