/** The island groups of the map's viewpoint, in a small map of their own. */
import type { BBox } from "../../../api/types";
import { t } from "../../../i18n";
import type { Box } from "./labels";
import type { SketchIsland } from "./model";
import { type Frame, fitFrame, type XY } from "./projection";
import { ringsOf } from "./shapes";

const EAST_SEA: BBox = [109, 6.5, 118, 18.5];

function Group({ island, frame }: { island: SketchIsland; frame: Frame }) {
  const y = frame.project(island.at)[1];
  const lines = island.label.split("\n");
  return (
    <g>
      {islets(island, frame).map(([cx, cy]) => (
        <circle key={`${cx} ${cy}`} class="sketch-islet" cx={cx} cy={cy} r="0.9" />
      ))}
      {lines.map((line, i) => (
        <text key={line} x={frame.width / 2} y={y + 16 + i * 10} text-anchor="middle">
          {line}
        </text>
      ))}
    </g>
  );
}

/** A dot for each islet: at this scale their outlines would vanish. */
function islets({ geometry }: SketchIsland, frame: Frame): XY[] {
  return ringsOf(geometry).flatMap(([first]) => (first ? [frame.project(first)] : []));
}

interface Props {
  islands: SketchIsland[];
  box: Box; // where on the map it lies
  zoom: number; // shrinks all that is in it
}

export function Inset({ islands, box, zoom }: Props) {
  const [w, h] = [box.w / zoom, box.h / zoom];
  const inner = fitFrame(EAST_SEA, w, h, 4);
  return (
    <g class="sketch-inset" transform={`translate(${box.x} ${box.y}) scale(${zoom})`}>
      <title>{t("page.map.islands")}</title>
      <rect class="sketch-sea" width={w} height={h} />
      {islands.map((island) => (
        <Group key={island.id} island={island} frame={inner} />
      ))}
      <rect class="sketch-frame" width={w} height={h} />
    </g>
  );
}
