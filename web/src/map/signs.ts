/**
 * The signs of the map as plain data: outlines around (0, 0), y downwards, in px.
 * Shape says condition, fill says stage, colour is the third sign (Okabe–Ito).
 */
export interface Part {
  d: string; // SVG path
  fill?: string;
  stroke?: string;
  width?: number; // px
  dash?: string;
  opacity?: number;
}

type Ring = [x: number, y: number][];

const R = 8; // px, half the size of a marker sign
const CIRCLE_STEPS = 40;

/** How much of a sign's height is filled from below, by stage. */
const FILL: Record<string, number> = {
  planned: 0,
  located: 0,
  built: 0.5,
  measured: 0.75,
  accepted: 0.75,
  handed_over: 1,
};

/** Worst first: the order in clusters. */
export const CONDITIONS_WORST_FIRST = [
  "destroyed",
  "missing",
  "displaced",
  "erosion_risk",
  "damaged",
  "leaning",
  "unknown",
  "intact",
];

const UNKNOWN = "var(--sign-unknown)";

const COLOUR: Record<string, string> = {
  intact: "#009E73",
  leaning: "#E69F00",
  damaged: "#D55E00",
  erosion_risk: "#F0E442",
  displaced: "#CC79A7",
  missing: "var(--sign-dark)",
  destroyed: "var(--sign-dark)",
  unknown: UNKNOWN,
  any: "var(--sign-plain)",
};

export function conditionColour(condition: string): string {
  return COLOUR[condition] ?? UNKNOWN;
}

function circle(r: number): Ring {
  return Array.from({ length: CIRCLE_STEPS }, (_, i) => {
    const a = (2 * Math.PI * i) / CIRCLE_STEPS;
    return [r * Math.cos(a), r * Math.sin(a)];
  });
}

function box(half: number): Ring {
  return [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
  ];
}

/** A saltire with arms of half-width `arm`, reaching `reach` from the centre. */
function cross(reach: number, arm: number): Ring {
  const a = arm * Math.SQRT1_2;
  const b = reach * Math.SQRT1_2;
  return [
    [0, -2 * a], [b - a, -b - a], [b + a, -b + a], [2 * a, 0],
    [b + a, b - a], [b - a, b + a], [0, 2 * a], [-b + a, b + a],
    [-b - a, b - a], [-2 * a, 0], [-b - a, -b + a], [-b + a, -b - a],
  ]; // biome-ignore format: twelve corners in three rows
}

const OUTLINE: Record<string, Ring> = {
  intact: circle(R),
  leaning: circle(R),
  damaged: [
    [0, -R - 1],
    [R + 1, R - 1],
    [-R - 1, R - 1],
  ],
  erosion_risk: [
    [0, -R - 1.5],
    [R + 1.5, 0],
    [0, R + 1.5],
    [-R - 1.5, 0],
  ],
  displaced: box(R - 1),
  missing: cross(R, 2.6),
  destroyed: box(R - 1),
  unknown: circle(R - 0.5),
  any: circle(R), // a stage shown by itself, in a legend
};

const GATE: Ring = [
  [-8, -7],
  [8, -7],
  [8, 7],
  [4, 7],
  [4, -2],
  [-4, -2],
  [-4, 7],
  [-8, 7],
];

function pathOf(ring: Ring): string {
  if (ring.length === 0) return "";
  return `M${ring.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
}

function crossing(a: Ring[number], b: Ring[number], y: number): Ring[number] {
  return [a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]), y];
}

/** The part of a ring at or below the height `y` (Sutherland and Hodgman 1974, one edge). */
export function below(ring: Ring, y: number): Ring {
  const out: Ring = [];
  for (const [i, point] of ring.entries()) {
    const before = ring[(i + ring.length - 1) % ring.length] as Ring[number];
    if (point[1] >= y !== before[1] >= y) out.push(crossing(before, point, y));
    if (point[1] >= y) out.push(point);
  }
  return out;
}

/** The lowest `share` (0–1) of a ring's height. */
function filled(ring: Ring, share: number): Ring {
  const ys = ring.map(([, y]) => y);
  const bottom = Math.max(...ys);
  const height = bottom - Math.min(...ys);
  return share <= 0 ? [] : below(ring, bottom - share * height);
}

function strokes(condition: string, edge: string): Part[] {
  if (condition === "leaning") return [{ d: "M-6 9L6 -9", stroke: edge, width: 2 }];
  if (condition === "destroyed")
    return [{ d: "M-7 -7L7 7M7 -7L-7 7", stroke: "#ffffff", width: 1.5 }];
  return [];
}

const halo = (d: string, of = "sign"): Part => ({
  d,
  stroke: `var(--${of}-casing)`,
  width: 4.5,
  opacity: 0.9,
});

/** What the stage fills: the outline, but for an unknown condition a disc inside its dashed ring. */
function fillable(condition: string, ring: Ring): Ring {
  return condition in OUTLINE && condition !== "unknown" ? ring : circle(R - 3.5);
}

/** The sign of one marker. */
export function markerSign(stage: string, condition: string): Part[] {
  const ring = OUTLINE[condition] ?? (OUTLINE.unknown as Ring);
  const colour = conditionColour(condition);
  const dark = condition === "erosion_risk" ? "var(--sign-edge)" : colour;
  const d = pathOf(ring);
  const dash = condition in OUTLINE && condition !== "unknown" ? undefined : "3.2 2";
  const parts: Part[] = [
    halo(d),
    { d, fill: "var(--sign-empty)" },
    { d: pathOf(filled(fillable(condition, ring), FILL[stage] ?? 0)), fill: colour },
    { d, stroke: dark, width: 2, dash },
    ...strokes(condition, "var(--sign-edge)"),
  ];
  if (stage === "located") parts.push({ d: pathOf(circle(2.8)), fill: dark });
  return parts.filter((part) => part.d);
}

/** The dotted ring around a position that is for orientation only. */
export function indicativeHalo(width = 0): Part {
  const r = 12;
  const h = width / 2;
  const d = `M${-h} ${-r}H${h}A${r} ${r} 0 0 1 ${h} ${r}H${-h}A${r} ${r} 0 0 1 ${-h} ${-r}Z`;
  return { d, stroke: "var(--sign-ring)", width: 1.4, dash: "1.2 3" };
}

const GATE_FILL: Record<string, number> = { international: 1, national: 0.5, main: 0.5 };

/** The sign of a gate: full for international, half for main, empty for the others. */
export function gateSign(gateClass: string): Part[] {
  const d = pathOf(GATE);
  return [
    halo(d, "gate"),
    { d, fill: "var(--gate-empty)" },
    { d: pathOf(filled(GATE, GATE_FILL[gateClass] ?? 0)), fill: "var(--gate)" },
    { d, stroke: "var(--gate)", width: 1.6, dash: gateClass === "unknown" ? "2 2" : undefined },
  ].filter((part) => part.d);
}

const FINANCE: Record<string, string> = {
  oda: "#56B4E9",
  fdi: "#0072B2",
  ngo: "#009E73",
  domestic: "#E69F00",
  ppp: "#CC79A7",
};

export function financeColour(kind: string): string {
  return FINANCE[kind] ?? "#7A7A7A";
}

const SIDE_MIN = 10; // px, project of unknown or small amount
const SIDE_MAX = 26; // px
const SIDE_PER_DECADE = 4; // px for each factor of ten above 100,000 USD

/** Side of a project's square, px, by the logarithm of its amount in USD. */
export function projectSide(usd: number | null): number {
  if (!usd || usd <= 0) return SIDE_MIN;
  const side = SIDE_MIN + SIDE_PER_DECADE * (Math.log10(usd) - 5);
  return Math.min(SIDE_MAX, Math.max(SIDE_MIN, side));
}

export function projectSign(kind: string, usd: number | null): Part[] {
  const d = pathOf(box(projectSide(usd) / 2));
  return [halo(d), { d, fill: financeColour(kind) }, { d, stroke: "var(--sign-edge)", width: 1.4 }];
}

const HATCH_STEP = 6; // px between hatch lines

/** A hatched disc of radius `r` px: somewhere in here, never a pin. */
export function hatchedArea(kind: string, r: number): Part[] {
  const colour = financeColour(kind);
  const lines: string[] = [];
  for (let o = -r + HATCH_STEP / 2; o < r; o += HATCH_STEP) {
    const half = Math.sqrt(r * r - o * o);
    const [cx, cy] = [o * Math.SQRT1_2, o * Math.SQRT1_2];
    const h = half * Math.SQRT1_2;
    lines.push(
      `M${(cx - h).toFixed(1)} ${(cy + h).toFixed(1)}L${(cx + h).toFixed(1)} ${(cy - h).toFixed(1)}`,
    );
  }
  const d = pathOf(circle(r));
  return [
    { d, fill: colour, opacity: 0.14 },
    { d: lines.join(""), stroke: colour, width: 1.6, opacity: 0.85 },
    { d, stroke: colour, width: 1.8, dash: "5 3" },
  ];
}

export function ringSign(r: number): Part[] {
  const d = pathOf(circle(r));
  return [
    { d, stroke: "var(--map-halo)", width: 6 },
    { d, stroke: "var(--accent)", width: 3 },
  ];
}

/** A place that is being chosen: cross hairs, so that what lies under it stays visible. */
export function pinSign(): Part[] {
  const d = `${pathOf(circle(11))}M-18 0H-5M5 0H18M0 -18V-5M0 5V18`;
  return [
    { d, stroke: "var(--map-halo)", width: 5 },
    { d, stroke: "var(--accent)", width: 2.5 },
  ];
}

const HALF = 12; // px, half the length of a line's sign

/** A piece of a corridor; a broken casing says that its line is schematic. */
export function corridorSign(schematic: boolean): Part[] {
  const d = `M${-HALF} 0H${HALF}`;
  const line: Part = { d, stroke: "var(--corridor)", width: 4 };
  if (!schematic) return [line];
  const casing: Part = { d, stroke: "var(--corridor)", width: 11, dash: "2 4" };
  return [casing, { d, stroke: "var(--corridor-casing)", width: 8 }, line];
}

/** A piece of a national border; darker where it is demarcated. */
export function borderSign(demarcated: boolean): Part[] {
  const stroke = demarcated ? "var(--border-line)" : "var(--border-open)";
  return [{ d: `M${-HALF} 0H${HALF}`, stroke, width: 2.4, dash: "8 3 2 3" }];
}
