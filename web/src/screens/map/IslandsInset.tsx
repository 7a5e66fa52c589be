/** Hoàng Sa and Trường Sa in a small map of their own where the map does not name them. */
import type { Feature, LonLat } from "../../api/types";
import { t } from "../../i18n";
import { info, named } from "../../i18n/words";
import { labelPoint } from "../../map/geo";

const SCALE = 9; // px for one degree
const ORIGIN: LonLat = [108.6, 18]; // upper left corner, degrees
const WIDTH = 92; // px
const HEIGHT = 108; // px

function anchor(group: Feature): LonLat | null {
  const { label_lon, label_lat } = group.properties;
  if (typeof label_lon === "number" && typeof label_lat === "number") return [label_lon, label_lat];
  return labelPoint(group.geometry);
}

function toInset([lng, lat]: LonLat): { x: number; y: number } {
  return { x: (lng - ORIGIN[0]) * SCALE, y: (ORIGIN[1] - lat) * SCALE };
}

const ISLETS = [
  [-7, -3],
  [0, 0],
  [6, 3],
  [4, -5],
  [-4, 5],
] as const; // px around the anchor: a group, not its true outline

/** Without what the sea around says: "Quần đảo", "(…) Islands". */
function shortName(group: Feature): string {
  const name = named(group.properties).replace(/\s*\(.*?\)/, "");
  return name.replace(/^Quần đảo\s+/, "QĐ ").replace(/\s+Islands$/, "");
}

function Group({ group, at }: { group: Feature; at: LonLat }) {
  const { x, y } = toInset(at);
  const { province } = group.properties;
  return (
    <g>
      {ISLETS.map(([dx, dy]) => (
        <circle cx={x + dx} cy={y + dy} r="1.4" />
      ))}
      <text x={WIDTH / 2} y={y + 17}>
        {shortName(group)}
      </text>
      {typeof province === "string" && (
        <text x={WIDTH / 2} y={y + 28}>
          ({province})
        </text>
      )}
    </g>
  );
}

interface Props {
  islands: Feature[];
  named: string[]; // ids of the groups that the map itself names
}

export function IslandsInset({ islands, named: onMap }: Props) {
  if (info.value?.viewpoint !== "vn") return null;
  if (islands.every(({ id }) => onMap.includes(id))) return null;
  const names = islands.map(({ properties }) => named(properties, "statement")).join("; ");
  return (
    <figure class="islands-inset">
      <svg width={WIDTH} height={HEIGHT} role="img" aria-label={`${t("map.inset")}: ${names}`}>
        {islands.map((group) => {
          const at = anchor(group);
          return at && <Group group={group} at={at} />;
        })}
      </svg>
    </figure>
  );
}
