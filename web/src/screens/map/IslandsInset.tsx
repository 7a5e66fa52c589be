/** Hoàng Sa and Trường Sa in a small map of their own where the view does not reach them. */
import type { BBox, Feature, LonLat } from "../../api/types";
import { t } from "../../i18n";
import { info, named } from "../../i18n/words";
import { contains, labelPoint } from "../../map/geo";

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

const EDGE = 0.12; // share of the view too near its edge for a group's name

function shrunk([w, s, e, n]: BBox): BBox {
  const [x, y] = [(e - w) * EDGE, (n - s) * EDGE];
  return [w + x, s + y, e - x, n - y];
}

export function IslandsInset({ islands, box }: { islands: Feature[]; box: BBox | null }) {
  if (!box || info.value?.viewpoint !== "vn") return null;
  const placed = islands.map((group) => ({ group, at: anchor(group) }));
  const clear = shrunk(box);
  const outside = placed.filter(({ at }) => at && !contains(clear, at));
  if (outside.length === 0) return null;
  const names = outside.map(({ group }) => named(group.properties, "statement")).join("; ");
  return (
    <figure class="islands-inset">
      <svg width={WIDTH} height={HEIGHT} role="img" aria-label={`${t("map.inset")}: ${names}`}>
        {outside.map(({ group, at }) => at && <Group group={group} at={at} />)}
      </svg>
    </figure>
  );
}
