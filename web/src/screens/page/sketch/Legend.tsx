import { Sign } from "../../../map/Sign";
import type { LegendEntry } from "./model";

export function Legend({ entries }: { entries: LegendEntry[] }) {
  return (
    <ul class="sketch-legend">
      {entries.map(({ key, parts, text, count }) => (
        <li key={key}>
          <Sign parts={parts} size={26} />
          <span>
            {text}
            {count === undefined ? "" : ` (${count})`}
          </span>
        </li>
      ))}
    </ul>
  );
}
