/** Before and after on the map: where it stood, where it is to stand, and the way between. */
import { useMemo } from "preact/hooks";
import type { Feature, LonLat } from "../../api/types";
import { t } from "../../i18n";
import { bboxOf } from "../../map/geo";
import { MapView } from "../../map/MapView";
import type { Overlays } from "../../map/types";
import { useSurroundings } from "../page/context";
import { lengthText } from "../page/format";
import { boxAround, unionBoxes } from "../page/sketch/projection";
import type { Sides } from "./types";

const AROUND_KM = 1; // of the map, beyond what it is about
const AROUND = 0.3; // as a share of what it is about: the buttons of the map cover none of it

const pointOf = (of: Feature | null): LonLat | null =>
  of?.geometry?.type === "Point" ? of.geometry.coordinates : null;

/** Lines and areas: as they are in the look of a border, as they are to be in the accent. */
function shapes({ before, after }: Sides): Overlays {
  const drawn = (of: Feature | null) => (of?.geometry && of.geometry.type !== "Point" ? [of] : []);
  return { borders: drawn(before), focus: drawn(after) };
}

function legend(from: LonLat | null, to: LonLat | null, moved: number | null): string {
  if (!to || !moved) return to && !from ? t("proposals.map_new") : t("proposals.map_still");
  return t("proposals.map_moved", { distance: lengthText(moved) });
}

function box(sides: (Feature | null)[]) {
  const own = bboxOf(sides.map((side) => side?.geometry));
  if (!own) return null;
  const [w, s, e, n] = own;
  const [dx, dy] = [(e - w) * AROUND, (n - s) * AROUND];
  const corners: LonLat[] = [
    [w - dx, s - dy],
    [e + dx, n + dy],
  ];
  return unionBoxes(corners.map((corner) => boxAround(corner, AROUND_KM)));
}

export function ProposalMap({ of }: { of: Sides }) {
  const { before, after, moved_m, changes } = of;
  const bbox = useMemo(() => box([before, after]), [before, after]);
  const around = useSurroundings(bbox);
  const placed = !before || !after || changes.some(({ field }) => field === "geometry");
  const overlays = useMemo<Overlays>(() => {
    const own = shapes(of);
    return { ...around, ...own, borders: [...around.borders, ...(own.borders ?? [])] };
  }, [around, of]);
  if (!bbox || !placed) return null;
  const [from, to] = [pointOf(before), pointOf(after)];
  return (
    <figure class="proposal-map">
      <div class="form-map">
        <MapView
          small
          label={t("proposals.map")}
          overlays={overlays}
          fit={{ bbox, key: bbox.join() }}
          pin={to ?? from}
          pinFrom={to && moved_m ? from : null}
        />
      </div>
      {(from || to) && <figcaption class="small soft">{legend(from, to, moved_m)}</figcaption>}
    </figure>
  );
}
