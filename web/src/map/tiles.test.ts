import { afterEach, expect, test, vi } from "vitest";
import type { BBox } from "../api/types";
import { type TileEvents, TilePoints, tilesOver, tileZoom } from "./tiles";

afterEach(() => vi.unstubAllGlobals());

const DAK_NONG: BBox = [107.1, 11.8, 108.1, 12.9];

test("a box is covered by the tiles of the web's grid, row before column", () => {
  expect(tilesOver([-180, -85, 180, 85], 1)).toHaveLength(4);
  expect(tilesOver(DAK_NONG, 8)).toEqual([
    { z: 8, x: 204, y: 118 },
    { z: 8, x: 204, y: 119 },
  ]);
});

test("tiles are a step coarser than the map, and never deeper than their precision serves", () => {
  expect([4.5, 8, 8.5, 18].map(tileZoom)).toEqual([3, 7, 7, 14]);
});

/** A server that answers when it is told to; notes what it was asked. */
function server() {
  const asked: string[] = [];
  const answers: ((status: number) => void)[] = [];
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("fetch", (url: string, { signal }: RequestInit) => {
    asked.push(url);
    return new Promise((resolve, reject) => {
      answers.push((status) => resolve(new Response(status === 204 ? null : "{}", { status })));
      signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    });
  });
  const answer = async (status: number) => {
    for (const give of answers.splice(0)) give(status);
    await new Promise((done) => setTimeout(done));
  };
  return { asked, answer };
}

const quiet = (): TileEvents => ({ onPoints: vi.fn(), onState: vi.fn() });

test("each tile is asked for once, and the empty ones are no error", async () => {
  const { asked, answer } = server();
  const events = quiet();
  const points = new TilePoints("markers", events);
  points.ask("/t/{z}/{y}/{x}", DAK_NONG, 9);
  expect(asked).toEqual(["/t/8/118/204", "/t/8/119/204"]);
  await answer(204);
  points.ask("/t/{z}/{y}/{x}", DAK_NONG, 9);
  expect(asked).toHaveLength(2);
  expect(events.onPoints).toHaveBeenCalledTimes(1);
  expect(events.onState).toHaveBeenLastCalledWith({ loading: false, error: null });
});

test("where nothing comes, what was shown stays and the reason is told", async () => {
  const { answer } = server();
  const events = quiet();
  const points = new TilePoints("markers", events);
  points.ask("/t/{z}/{y}/{x}", DAK_NONG, 9);
  await answer(204);
  const before = points.points;
  points.ask("/t/{z}/{y}/{x}?filter=x", DAK_NONG, 9);
  await answer(503);
  expect(points.points).toBe(before);
  expect(events.onState).toHaveBeenLastCalledWith({
    loading: false,
    error: expect.objectContaining({ status: 503 }),
  });
});

test("a newer question cancels the older one", async () => {
  const { answer } = server();
  const events = quiet();
  const points = new TilePoints("markers", events);
  points.ask("/a/{z}/{y}/{x}", DAK_NONG, 9);
  points.ask("/b/{z}/{y}/{x}", DAK_NONG, 9);
  await answer(204);
  expect(events.onPoints).toHaveBeenCalledTimes(1);
  expect(events.onState).toHaveBeenLastCalledWith({ loading: false, error: null });
});
