/** The island groups of the map's viewpoint, in a small map of their own. */
import { t } from "../../../i18n";
import type { Sketch, SketchIsland } from "./model";
import { type Frame, fitFrame } from "./projection";
import { areaPath } from "./shapes";

const EAST_SEA = [106.5, 7, 118, 18.5] as const; // w, s, e, n in degrees

function Group({ island, frame }: { island: SketchIsland; frame: Frame }) {
  const [x, y] = frame.project(island.at);
  const lines = island.label.split("\n");
  return (
    <g>
      <path class="sketch-islet" d={areaPath(island.geometry, frame)} />
      {lines.map((line, i) => (
        <text key={line} x={x} y={y + 12 + i * 9} text-anchor="middle">
          {line}
        </text>
      ))}
    </g>
  );
}

interface Props {
  sketch: Sketch;
  frame: Frame;
  size: { w: number; h: number }; // px
}

export function Inset({ sketch, frame, size }: Props) {
  const inner = fitFrame([...EAST_SEA], size.w, size.h, 4);
  return (
    <g
      class="sketch-inset"
      transform={`translate(${frame.width - size.w} ${frame.height - size.h})`}
    >
      <title>{t("page.map.islands")}</title>
      <rect class="sketch-sea" width={size.w} height={size.h} />
      {sketch.mainland && <path class="sketch-mainland" d={areaPath(sketch.mainland, inner)} />}
      {sketch.islands.map((island) => (
        <Group key={island.id} island={island} frame={inner} />
      ))}
      <rect class="sketch-frame" width={size.w} height={size.h} />
    </g>
  );
}
