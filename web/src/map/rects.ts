/** Rectangles on the screen, px. */
export type Rect = [x0: number, y0: number, x1: number, y1: number];

export const clash = (a: Rect, b: Rect): boolean =>
  a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

export function inside(a: Rect, b: Rect): boolean {
  return a[0] >= b[0] && a[2] <= b[2] && a[1] >= b[1] && a[3] <= b[3];
}

/** How far one has to move sideways so that a map of this width shows all of it, if it can. */
export function aside(one: Rect, width: number): number {
  if (one[2] - one[0] > width) return 0;
  return Math.max(0, -one[0]) + Math.min(0, width - one[2]);
}
