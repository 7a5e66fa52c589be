/** Sending a file, with how far it is: what fetch cannot tell. */
import { ApiError, guard, language, problemOf } from "./client";

export const STOPPED = "stopped"; // code of the error of a sending that was aborted

export interface Sending {
  done: Promise<string>; // the body of the answer
  abort: () => void;
}

function failure(request: XMLHttpRequest): ApiError {
  return request.status
    ? problemOf(request.status, request.statusText, parsed(request.responseText))
    : new ApiError(0, "offline", "");
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** POST a file; `tell` hears the share that has gone, 0–1. Its end throws an ApiError. */
export function sendFile(url: string, file: File, tell: (share: number) => void): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<string>((resolve, reject) => {
    request.onload = () =>
      request.status < 300 ? resolve(request.responseText) : reject(failure(request));
    request.onerror = () => reject(failure(request));
    request.onabort = () => reject(new ApiError(0, STOPPED, ""));
  });
  request.upload.onprogress = ({ loaded, total }) => tell(total ? loaded / total : 0);
  request.open("POST", url);
  request.setRequestHeader("accept", "application/json");
  request.setRequestHeader("accept-language", language());
  request.setRequestHeader("content-type", "application/octet-stream");
  if (guard.csrf) request.setRequestHeader("x-csrf-token", guard.csrf);
  request.send(file);
  return { done, abort: () => request.abort() };
}
