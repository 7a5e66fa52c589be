import { afterEach, expect, test, vi } from "vitest";
import { ApiError, request, url } from "./client";

afterEach(() => vi.unstubAllGlobals());

const failing = (error: unknown) => vi.stubGlobal("fetch", () => Promise.reject(error));
const answering = (status: number, body: unknown) =>
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(body), { status })));

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  return promise.then(
    () => expect.fail("no error"),
    (error) => error,
  );
}

test("a problem becomes a typed error with its code and parameter", async () => {
  answering(400, { code: "bad_input", detail: "bbox 'x' is not a box", parameter: "bbox" });
  const error = await errorOf(request("/api/x"));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 400, code: "bad_input", parameter: "bbox" });
});

test("an answer that is no problem document still tells its status", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html>", { status: 502 })));
  expect(await errorOf(request("/api/x"))).toMatchObject({ status: 502, code: "http_502" });
});

test("no answer at all is being offline", async () => {
  failing(new TypeError("Failed to fetch"));
  expect((await errorOf(request("/api/x"))).offline).toBe(true);
});

test("empty parameters are left out of an address", () => {
  expect(url("/api/x", { a: null, b: "", c: 0, d: "é" })).toBe("/api/x?c=0&d=%C3%A9");
});
