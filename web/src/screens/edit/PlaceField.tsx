/** Where a point stands: typed in any spelling, or chosen on the map. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { BBox, Feature, LonLat } from "../../api/types";
import { t } from "../../i18n";
import { plainCoordinates } from "../../i18n/format";
import { info } from "../../i18n/words";
import { MapView } from "../../map/MapView";
import type { Overlays } from "../../map/types";
import { useSurroundings } from "../page/context";
import { boxAround } from "../page/sketch/projection";
import { MARKERS, placeOf } from "./draft";
import { readPlace } from "./place";

const AROUND_KM = 5; // of the map, to each side of the place
const DIGITS = 7; // decimals of a degree, about 1 cm

interface Props {
  layer: string;
  before: Feature | null; // as it stands in the register
  near: Feature | null; // the marker that a new row is about
  at: LonLat | null;
  problem: string;
  onChange: (at: LonLat | null) => void;
}

/** Where the map begins: around a place, which it does not leave when that is moved. */
function useStart(about: Feature | null): BBox | null {
  return useMemo(() => {
    const place = about && placeOf(about);
    return place ? boxAround(place, AROUND_KM) : (info.value?.bbox ?? null);
  }, [about?.id]);
}

const shown = (at: LonLat | null): string => (at ? plainCoordinates(at, DIGITS) : "");

export function PlaceField({ layer, before, near, at, problem, onChange }: Props) {
  const [text, setText] = useState(shown(at));
  const about = before ?? near;
  const box = useStart(about);
  const around = useSurroundings(about?.geometry ? box : null);
  const overlays = useMemo<Overlays>(
    () => ({ ...around, ...(about?.geometry && { [before ? layer : MARKERS]: [about] }) }),
    [around, about, before, layer],
  );
  useEffect(() => {
    if (shown(readPlace(text)) !== shown(at)) setText(shown(at));
  }, [at?.join()]);
  const unread = text.trim() !== "" && readPlace(text) === null;
  const told = problem || (unread ? t("edit.place_unread") : "");
  const typed = (next: string) => {
    setText(next);
    const read = readPlace(next);
    if (read || next.trim() === "") onChange(read);
  };
  return (
    <div class="form-place">
      <div class="form-field" data-field="geometry">
        <label class="label" for="field-geometry">
          {t("edit.place")}
        </label>
        <input
          id="field-geometry"
          class="field num"
          value={text}
          aria-invalid={Boolean(told)}
          aria-describedby="field-geometry-told"
          onInput={(event) => typed(event.currentTarget.value)}
        />
        <div id="field-geometry-told" class="tiny">
          {told && <div class="form-problem">{told}</div>}
          <div class="soft">{t("edit.place_help")}</div>
        </div>
      </div>
      <div class="form-map">
        <MapView
          small
          label={t("edit.map")}
          overlays={overlays}
          fit={box && { bbox: box, key: box.join() }}
          pin={at}
          onPick={onChange}
        />
      </div>
    </div>
  );
}
