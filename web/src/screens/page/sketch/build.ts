/** From rows of the API to what a sketch map draws, and to its legend. */
import { NO_VALUE } from "../../../api/cql2";
import type { Feature, LonLat, Properties } from "../../../api/types";
import { t } from "../../../i18n";
import { named } from "../../../i18n/words";
import {
  borderSign,
  corridorSign,
  gateSign,
  hatchedArea,
  indicativeHalo,
  markerSign,
  type Part,
  projectSide,
  projectSign,
} from "../../../map/signs";
import { tallyBy } from "../../../state/tally";
import { text, wordOf } from "../format";
import type {
  AreaRole,
  LegendEntry,
  LineRole,
  SketchArea,
  SketchIsland,
  SketchLine,
  SketchPoint,
} from "./model";

const GATE_RADIUS = 9; // px
const MARKER_RADIUS = 9;
const INDICATIVE_RADIUS = 13;
const INDICATIVE_OPACITY = 0.6;
const HATCH_RADIUS = 16;

const UNIT_TYPE = /^(Tỉnh|Thành phố|Thủ đô)\s+/;

/** A point's name as maps write it: without what stands in brackets. */
function pointName(properties: Properties): string {
  return named(properties).replace(/\s*\([^)]*\)$/, "");
}

/** A unit's name as maps write it: without its type. */
export function shortName(properties: Properties): string {
  return named(properties).replace(UNIT_TYPE, "");
}

export function areaOf({ id, geometry, properties }: Feature, role: AreaRole): SketchArea {
  return { id, geometry, role, label: shortName(properties) };
}

export function borderOf({ id, geometry, properties }: Feature): SketchLine {
  const open = ["no", "unknown", ""].includes(text(properties.demarcated));
  return { id, geometry, role: open ? "border-open" : "border" };
}

export function corridorOf({ id, geometry, properties }: Feature): SketchLine {
  const schematic = properties.geometry_quality === "schematic";
  return { id, geometry, role: schematic ? "corridor-schematic" : "corridor" };
}

/** Where a point row may be drawn: its point, unless it only stands for "somewhere". */
export function pointOf({ geometry }: Feature): LonLat | null {
  return geometry?.type === "Point" ? geometry.coordinates : null;
}

export function gatePoints(features: readonly Feature[], subject?: string): SketchPoint[] {
  return features.flatMap((feature) => {
    const at = pointOf(feature);
    if (!at) return [];
    const { id, properties } = feature;
    const parts = gateSign(text(properties.gate_class) || "unknown");
    const important = subject ? id === subject : properties.gate_class === "international";
    return [{ id, at, parts, radius: GATE_RADIUS, label: pointName(properties), important }];
  });
}

/** A project whose place is not known exactly is drawn as an area, never as a pin. */
function isArea(exactness: unknown): boolean {
  return exactness !== "exact";
}

export function projectPoints(features: readonly Feature[], subject?: string): SketchPoint[] {
  return features.flatMap((feature) => {
    const at = pointOf(feature);
    if (!at) return [];
    const { id, properties } = feature;
    const kind = text(properties.finance_kind);
    const usd = typeof properties.amount_usd === "number" ? properties.amount_usd : null;
    const area = isArea(properties.location_exactness);
    const parts = area ? hatchedArea(kind, HATCH_RADIUS) : projectSign(kind, usd);
    const radius = area ? HATCH_RADIUS : projectSide(usd) / 2;
    return [{ id, at, parts, radius, label: pointName(properties), important: id === subject }];
  });
}

const TWIN_STEP = 24; // px between the signs of one position

/** Where a marker's sign stands among those of its position, px to the right of the position. */
function twinShift(feature: Feature, features: readonly Feature[]): number {
  const position = feature.properties.position_id;
  const twins = position
    ? features.filter((other) => other.properties.position_id === position)
    : [feature];
  return (twins.indexOf(feature) - (twins.length - 1) / 2) * TWIN_STEP;
}

function markerParts(properties: Properties): Part[] {
  const sign = markerSign(text(properties.stage), text(properties.condition) || "unknown");
  return properties.position_quality === "indicative" ? [indicativeHalo(), ...sign] : sign;
}

export function markerPoints(features: readonly Feature[], subject?: string): SketchPoint[] {
  return features.flatMap((feature) => {
    const at = pointOf(feature);
    if (!at) return [];
    const { id, properties } = feature;
    const indicative = properties.position_quality === "indicative";
    return [
      {
        id,
        at,
        parts: markerParts(properties),
        radius: indicative ? INDICATIVE_RADIUS : MARKER_RADIUS,
        opacity: indicative ? INDICATIVE_OPACITY : undefined,
        shift: twinShift(feature, features),
        label: text(properties.number),
        important: id === subject,
      },
    ];
  });
}

/** Stage and condition as they occur among the drawn markers, and what the dotted ring says. */
export function markerLegend(features: readonly Feature[]): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const { properties: p } of features.filter(pointOf)) {
    const [stage, condition] = [text(p.stage), text(p.condition) || "unknown"];
    const key = `marker ${stage} ${condition}`;
    const words = [wordOf("markers", "stage", stage), wordOf("markers", "condition", condition)];
    const count = (entries.get(key)?.count ?? 0) + 1;
    const parts = markerSign(stage, condition);
    entries.set(key, { key, parts, text: words.filter(Boolean).join(", "), count });
  }
  const indicative = features.some((f) => f.properties.position_quality === "indicative");
  const ring = { key: "indicative", parts: [indicativeHalo()], text: t("page.legend.indicative") };
  return indicative ? [...entries.values(), ring] : [...entries.values()];
}

export function islandsOf(features: readonly Feature[]): SketchIsland[] {
  return features.flatMap(({ id, geometry, properties }) => {
    const at: LonLat = [Number(properties.label_lon), Number(properties.label_lat)];
    if (!at.every(Number.isFinite)) return [];
    const name = named(properties)
      .replace(/^Quần đảo\s+/, "QĐ ")
      .replace(/\s*\([^)]*\)\s*Islands$/, "");
    const owner = properties.province ? `\n(${text(properties.province)})` : "";
    return [{ id, geometry, at, label: name + owner }];
  });
}

const LINE_SIGNS: Record<LineRole, Part[]> = {
  border: borderSign(true),
  "border-open": borderSign(false),
  corridor: corridorSign(false),
  "corridor-schematic": corridorSign(true),
};

export function lineLegend(lines: readonly SketchLine[]): LegendEntry[] {
  const roles = [...new Set(lines.map((line) => line.role))];
  return roles.map((role) => ({
    key: role,
    parts: LINE_SIGNS[role],
    text: t(`page.legend.${role}`),
  }));
}

function tally(features: readonly Feature[], property: string): [string, number][] {
  const counts = Object.entries(tallyBy(features.filter(pointOf), property));
  return counts.map(([value, n]) => [value === NO_VALUE ? "unknown" : value, n]);
}

export function gateLegend(features: readonly Feature[]): LegendEntry[] {
  return tally(features, "gate_class").map(([value, count]) => ({
    key: `gate ${value}`,
    parts: gateSign(value),
    text: wordOf("gates", "gate_class", value),
    count,
  }));
}

export function projectLegend(features: readonly Feature[]): LegendEntry[] {
  const entries = tally(features, "finance_kind").map(([value, count]) => ({
    key: `project ${value}`,
    parts: projectSign(value, null),
    text: t("page.legend.project", { kind: wordOf("projects", "finance_kind", value) }),
    count,
  }));
  const vague = features.filter((f) => pointOf(f) && isArea(f.properties.location_exactness));
  if (!vague.length) return entries;
  const parts = hatchedArea("unknown", 10);
  return [...entries, { key: "area", parts, text: t("page.legend.area"), count: vague.length }];
}
