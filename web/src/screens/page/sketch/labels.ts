/** Where the sketch map's words go: in the widest part of an area, beside a point, never on top. */
import type { XY } from "./projection";

export interface Box {
  x: number; // px, left
  y: number; // px, top
  w: number;
  h: number;
}

export interface Wish {
  text: string;
  at: XY;
  size: number; // px, font size
  gap: number; // px between point and text; 0 centres the text on the point
}

export interface Placed extends Wish {
  anchor: "start" | "middle" | "end";
  x: number; // px, of the anchor
  y: number; // px, of the base line
}

const CHAR = 0.56; // mean width of a character, in font sizes
const SCAN_LINES = 15;
const AIR = 2; // px kept free around a name

/** Of these boxes, the first of those that hide the fewest points. */
export function freest(boxes: readonly Box[], points: readonly XY[]): Box | null {
  const hidden = (b: Box) =>
    points.filter(([x, y]) => x >= b.x && x <= b.x + b.w && y >= b.y && y <= b.y + b.h).length;
  const counts = boxes.map(hidden);
  return boxes[counts.indexOf(Math.min(...counts))] ?? null;
}

/** About how wide a text is, px. */
export function textWidth(text: string, size: number): number {
  return text.length * size * CHAR;
}

/** The box that a text takes, its anchor at x and base line at y. */
export function textBox(text: string, size: number, placed: Omit<Placed, keyof Wish>): Box {
  const w = textWidth(text, size);
  const left = { start: 0, middle: w / 2, end: w }[placed.anchor];
  return {
    x: placed.x - left - AIR,
    y: placed.y - size * 0.85 - AIR,
    w: w + 2 * AIR,
    h: size * 1.1 + 2 * AIR,
  };
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function within(box: Box, width: number, height: number): boolean {
  return box.x >= 2 && box.y >= 2 && box.x + box.w <= width - 2 && box.y + box.h <= height - 2;
}

type Spot = Omit<Placed, keyof Wish>;

function spots({ at: [x, y], size, gap }: Wish): Spot[] {
  const middle = y + size * 0.35;
  if (!gap) {
    return [0, -1.2, 1.2, -2.4, 2.4].map((n) => ({ anchor: "middle", x, y: middle + n * size }));
  }
  return [
    { anchor: "start", x: x + gap, y: middle },
    { anchor: "end", x: x - gap, y: middle },
    { anchor: "middle", x, y: y - gap },
    { anchor: "middle", x, y: y + gap + size * 0.8 },
    { anchor: "start", x: x + gap * 0.8, y: y - gap * 0.6 },
    { anchor: "end", x: x - gap * 0.8, y: y + gap * 0.6 + size * 0.8 },
  ];
}

/** Place the wishes in their order; a text that finds no free spot is left out. */
export function placeLabels(
  wishes: readonly Wish[],
  taken: readonly Box[],
  width: number,
  height: number,
): Placed[] {
  const boxes = [...taken];
  return wishes.flatMap((wish) => {
    for (const spot of spots(wish)) {
      const box = textBox(wish.text, wish.size, spot);
      if (!within(box, width, height) || boxes.some((b) => overlap(b, box))) continue;
      boxes.push(box);
      return [{ ...wish, ...spot }];
    }
    return [];
  });
}

function crossings(rings: readonly (readonly XY[])[], y: number): number[] {
  const xs: number[] = [];
  for (const ring of rings) {
    ring.forEach((b, i) => {
      const a = ring[(i || ring.length) - 1] as XY;
      if (a[1] > y !== b[1] > y) xs.push(a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]));
    });
  }
  return xs.sort((p, q) => p - q);
}

export interface Span {
  at: XY; // its middle
  length: number; // px
}

/** The longest level line inside the rings, the inner ones preferred; null where there is no inside. */
export function widestSpan(rings: readonly (readonly XY[])[]): Span | null {
  const ys = rings.flat().map((p) => p[1]);
  if (!ys.length) return null;
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  let best: (Span & { rank: number }) | null = null;
  for (let n = 1; n < SCAN_LINES; n++) {
    const y = top + ((bottom - top) * n) / SCAN_LINES;
    const xs = crossings(rings, y);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const [a, b] = [xs[i] as number, xs[i + 1] as number];
      const nearMiddle = 1 - Math.abs(n / SCAN_LINES - 0.5); // of two like lines, the inner one
      const rank = (b - a) * nearMiddle;
      if (!best || rank > best.rank) best = { at: [(a + b) / 2, y], length: b - a, rank };
    }
  }
  return best;
}
