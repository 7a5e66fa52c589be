/** A map drawn as SVG from GeoJSON: for paper, and where a live map would be too heavy. */
import { useMemo } from "preact/hooks";
import type { BBox } from "../../../api/types";
import { t } from "../../../i18n";
import { Parts } from "../../../map/Sign";
import { ratioText } from "../format";
import { Furniture } from "./Furniture";
import { Inset } from "./Inset";
import {
  type Box,
  freest,
  type Placed,
  placeLabels,
  textWidth,
  type Wish,
  widestSpan,
} from "./labels";
import type { AreaRole, Sketch, SketchArea, SketchLine, SketchPoint } from "./model";
import { type Frame, fitFrame, scaleRatio, type XY } from "./projection";
import { areaPath, framedRings, linePath } from "./shapes";
import "./sketch.css";

interface Props {
  sketch: Sketch;
  width?: number; // px of the drawing's own space
  height?: number;
  printedMm?: number; // width on paper, from which the scale's ratio follows
}

const LABEL_SIZE: Record<AreaRole, number> = { subject: 15, facing: 13, other: 11 }; // px
const CROWDED_SIZE = 10; // px
const OVERHANG = 1.4; // how far a name may reach beyond its area
const ARROW = { w: 44, h: 62 }; // px in the upper right corner
const INSET = { w: 108, h: 122, width: 680 }; // px, on a map of `width` px

function insetSize(frame: Frame): { w: number; h: number; zoom: number } {
  const zoom = Math.min(1, Math.max(0.72, frame.width / INSET.width));
  return { w: INSET.w * zoom, h: INSET.h * zoom, zoom };
}

/** The names of areas, the widest area first; on a crowded map only those that have room. */
function areaWishes({ areas, crowded }: Sketch, frame: Frame): Wish[] {
  const wishes = areas.flatMap(({ geometry, label, role }) => {
    const span = label ? widestSpan(framedRings(geometry, frame)) : null;
    if (!span) return [];
    const size = crowded ? CROWDED_SIZE : LABEL_SIZE[role];
    const roomy = textWidth(label, size) < span.length * OVERHANG;
    const needed = role !== "other" && !crowded;
    return roomy || needed ? [{ text: label, at: span.at, size, gap: 0, rank: span.length }] : [];
  });
  return wishes.sort((a, b) => b.rank - a.rank);
}

function pointWish(point: SketchPoint, frame: Frame): Wish[] {
  if (!point.label) return [];
  const size = point.important ? 13 : 11;
  return [{ text: point.label, at: spotOf(point, frame), size, gap: point.radius + 3 }];
}

function spotOf({ at, shift = 0 }: SketchPoint, frame: Frame): XY {
  const [x, y] = frame.project(at);
  return [x + shift, y];
}

function pointBox(point: SketchPoint, frame: Frame): Box {
  const [x, y] = spotOf(point, frame);
  const { radius } = point;
  return { x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius };
}

/** Where the inset hides no gate, project or marker: lower right, upper left, under the arrow. */
function insetBox(sketch: Sketch, frame: Frame): Box | null {
  if (!insetNeeded(sketch, frame)) return null;
  const { w, h } = insetSize(frame);
  const right = frame.width - w;
  const corners = [
    { x: right, y: frame.height - h, w, h },
    { x: 0, y: 0, w, h },
    { x: right, y: ARROW.h, w, h },
  ];
  return freest(
    corners,
    sketch.points.map((point) => spotOf(point, frame)),
  );
}

function furnitureBoxes(sketch: Sketch, frame: Frame): Box[] {
  const boxes = [
    { x: 0, y: frame.height - 44, w: 180, h: 44 },
    { x: frame.width - ARROW.w, y: 0, ...ARROW },
  ];
  const inset = insetBox(sketch, frame);
  return inset ? [...boxes, inset] : boxes;
}

function labelsOf(sketch: Sketch, frame: Frame): Placed[] {
  const inFrame = sketch.points.filter(({ at }) => holds(frame.bbox, at[0], at[1]));
  const first = inFrame.filter((p) => p.important).flatMap((p) => pointWish(p, frame));
  const rest = inFrame.filter((p) => !p.important).flatMap((p) => pointWish(p, frame));
  const taken = inFrame.map((p) => pointBox(p, frame));
  const fixed = furnitureBoxes(sketch, frame);
  const wishes = [...first, ...areaWishes(sketch, frame), ...rest];
  return placeLabels(wishes, [...taken, ...fixed], frame.width, frame.height);
}

function holds([w, s, e, n]: BBox, lon: number, lat: number): boolean {
  return lon >= w && lon <= e && lat >= s && lat <= n;
}

function insetNeeded(sketch: Sketch, frame: Frame): boolean {
  return sketch.islands.some(({ at }) => !holds(frame.bbox, at[0], at[1]));
}

function Areas({ areas, frame }: { areas: SketchArea[]; frame: Frame }) {
  const order: AreaRole[] = ["other", "facing", "subject"];
  const sorted = [...areas].sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  return (
    <g>
      {sorted.map(({ id, role, geometry, label, onOpen }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the list beside the map has the links
        <path
          key={id}
          class={`sketch-area ${role} ${onOpen ? "open" : ""}`}
          d={areaPath(geometry, frame)}
          onClick={onOpen}
        >
          <title>{label}</title>
        </path>
      ))}
    </g>
  );
}

function Lines({ lines, frame }: { lines: SketchLine[]; frame: Frame }) {
  const drawn = lines.map((line) => ({ ...line, d: linePath(line.geometry, frame) }));
  return (
    <g class="sketch-lines">
      {drawn.map(({ id, role, d }) => (
        <path key={`${id} casing`} class={`sketch-casing ${role}`} d={d} />
      ))}
      {drawn.map(({ id, role, d }) => (
        <path key={id} class={`sketch-line ${role}`} d={d} />
      ))}
    </g>
  );
}

function Points({ points, frame }: { points: SketchPoint[]; frame: Frame }) {
  return (
    <g>
      {points.map((point) => (
        <g
          key={point.id}
          transform={`translate(${spotOf(point, frame).map((v) => v.toFixed(1))})`}
          opacity={point.opacity}
        >
          <Parts parts={point.parts} />
        </g>
      ))}
    </g>
  );
}

function Labels({ labels }: { labels: Placed[] }) {
  return (
    <g class="sketch-labels">
      {labels.map(({ text, x, y, anchor, size, gap }) => (
        <text
          key={`${text} ${x} ${y}`}
          class={gap ? "of-point" : "of-area"}
          x={x.toFixed(1)}
          y={y.toFixed(1)}
          text-anchor={anchor}
          font-size={size}
        >
          {text}
        </text>
      ))}
    </g>
  );
}

export function SketchMap({ sketch, width = 680, height = 480, printedMm }: Props) {
  const frame = useMemo(
    () => fitFrame(sketch.bbox, width, height, 28),
    [sketch.bbox, width, height],
  );
  const labels = useMemo(() => labelsOf(sketch, frame), [sketch, frame]);
  const inset = useMemo(() => insetBox(sketch, frame), [sketch, frame]);
  const ratio = printedMm ? ratioText(scaleRatio(frame, printedMm)) : null;
  const style = printedMm ? { width: `${printedMm}mm` } : undefined;
  return (
    <svg
      class="sketch"
      data-theme="light" // it is drawn for paper
      style={style}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
    >
      <title>{sketch.title}</title>
      <rect class="sketch-ground" width={width} height={height} />
      <Areas areas={sketch.areas} frame={frame} />
      <Lines lines={sketch.lines} frame={frame} />
      <Points points={sketch.points} frame={frame} />
      <Labels labels={labels} />
      <Furniture frame={frame} ratio={ratio} north={t("page.map.north")} />
      {inset && <Inset islands={sketch.islands} box={inset} zoom={insetSize(frame).zoom} />}
      <rect class="sketch-frame" x="0.5" y="0.5" width={width - 1} height={height - 1} />
    </svg>
  );
}
