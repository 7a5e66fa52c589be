/** What every map on paper carries: grid, scale bar with its ratio, and north. */

import { t } from "../../../i18n";
import { degreeText, lengthText } from "../format";
import { type Frame, gridLines, scaleBar } from "./projection";

const ARROW_ROOM = 84; // px at the right that the north arrow takes
const HEAD_ROOM = 24; // px at the top that the meridians' names take
const SCALE_ROOM = 44; // px at the bottom that the scale bar takes

function Grid({ frame }: { frame: Frame }) {
  const [w, s, e, n] = frame.bbox;
  const meridians = gridLines(w, e, 6).map((lon) => ({ lon, x: frame.project([lon, s])[0] }));
  const parallels = gridLines(s, n, 5).map((lat) => ({ lat, y: frame.project([w, lat])[1] }));
  const lowest = frame.height - SCALE_ROOM;
  return (
    <g class="sketch-grid">
      {meridians.map(({ lon, x }) => (
        <g key={lon}>
          <path d={`M${x.toFixed(1)} 0V${frame.height}`} />
          {x < frame.width - ARROW_ROOM && (
            <text x={x + 3} y={11}>
              {degreeText(lon, t("side.east"))}
            </text>
          )}
        </g>
      ))}
      {parallels.map(({ lat, y }) => (
        <g key={lat}>
          <path d={`M0 ${y.toFixed(1)}H${frame.width}`} />
          {y > HEAD_ROOM && y < lowest && (
            <text x={4} y={y - 3}>
              {degreeText(lat, t("side.north"))}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

function Scale({ frame, ratio }: { frame: Frame; ratio: string | null }) {
  const { metres, px } = scaleBar(frame.metresPerPx, 120);
  const y = frame.height - 14;
  return (
    <g class="sketch-scale">
      <rect x={8} y={y - 22} width={Math.max(px + 20, 150)} height={30} class="sketch-plate" />
      <rect x={14} y={y - 4} width={px / 2} height={5} class="dark" />
      <rect x={14 + px / 2} y={y - 4} width={px / 2} height={5} class="bright" />
      <text x={14} y={y - 9}>
        {lengthText(metres)}
        {ratio && ` · ${ratio}`}
      </text>
    </g>
  );
}

function North({ frame, letter }: { frame: Frame; letter: string }) {
  return (
    <g class="sketch-north" transform={`translate(${frame.width - 24} 14)`}>
      <path d="M0 0L8 26L0 20L-8 26Z" />
      <text y={40}>{letter}</text>
    </g>
  );
}

interface Props {
  frame: Frame;
  ratio: string | null;
  north: string; // letter for north
}

export function Furniture({ frame, ratio, north }: Props) {
  return (
    <g>
      <Grid frame={frame} />
      <Scale frame={frame} ratio={ratio} />
      <North frame={frame} letter={north} />
    </g>
  );
}
