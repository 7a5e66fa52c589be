/** Sending a file, telling how far it is, which `fetch` does not. */
import { ApiError, guard, language, problemOf } from "./client";

function body(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** POST a file as the body; `onProgress` gets the part that is sent, 0 to 1. Throws an ApiError. */
export function upload<T>(
  url: string,
  file: File,
  onProgress: (part: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  const request = new XMLHttpRequest();
  request.open("POST", url);
  request.setRequestHeader("accept", "application/json");
  request.setRequestHeader("accept-language", language());
  request.setRequestHeader("content-type", file.type || "application/octet-stream");
  if (guard.csrf) request.setRequestHeader("x-csrf-token", guard.csrf);
  request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
  signal?.addEventListener("abort", () => request.abort());
  return new Promise((resolve, reject) => {
    const lost = () => reject(new ApiError(0, "offline", ""));
    request.onerror = lost;
    request.ontimeout = lost;
    request.onabort = () => reject(new ApiError(0, "cancelled", ""));
    request.onload = () => {
      const answer = body(request.responseText);
      if (request.status < 300) resolve(answer as T);
      else reject(problemOf(request.status, request.statusText, answer));
    };
    request.send(file);
  });
}
