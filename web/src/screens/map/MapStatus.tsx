/** Over the map: that it is loading, or which layers could not be loaded. */
import { t } from "../../i18n";
import { number, time } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { type Cut, cutLayers, type MapData } from "../../state/data";
import type { Resource } from "../../state/resource";
import { useDelayed } from "../../ui/useDelayed";

const PATIENCE = 300; // ms; what is faster needs no sign

type Loading = Pick<Resource<unknown>, "loading" | "error" | "at" | "reload">;

interface FailedProps {
  failed: [string, Loading][];
  counts: Resource<unknown>;
}

function Failed({ failed, counts }: FailedProps) {
  const offline = failed.some(([, one]) => one.error?.offline);
  const times = failed.map(([, one]) => one.at).filter((at) => at !== null);
  const names = failed.map(([layer]) => layerTitle(layer)).join(", ");
  return (
    <div class="map-failed notice" role="alert">
      <span>
        <strong>{t(offline ? "state.offline" : "state.error")}</strong>: {names}.{" "}
        {times[0] && t("state.offline_since", { time: time(times[0]) })}
      </span>
      <button
        type="button"
        class="button"
        onClick={() => {
          for (const [, one] of failed) one.reload();
          if (counts.error) counts.reload();
        }}
      >
        {t("state.retry")}
      </button>
    </div>
  );
}

/** `Hiển thị 10.000 trong 12.345 cột mốc`. */
export function cutText({ layer, n, total }: Cut): string {
  const what = layerTitle(layer).toLocaleLowerCase();
  return t("map.cut", { n: number(n), total: number(total), what });
}

interface Props {
  data: MapData;
  tiles: Loading; // of the markers
}

export function MapStatus({ data, tiles }: Props) {
  const all: [string, Loading][] = [...Object.entries(data.resources), ["markers", tiles]];
  // a wrong filter is said in the panel, once
  const failed = all.filter(([, one]) => one.error && one.error.status !== 400);
  const busy = useDelayed(
    all.some(([, one]) => one.loading),
    PATIENCE,
  );
  return (
    <>
      {busy && <div class="map-busy" role="status" aria-label={t("state.loading")} />}
      <div class="map-cut" role="status">
        {cutLayers(data).map((cut) => (
          <p class="notice" key={cut.layer}>
            {cutText(cut)}
          </p>
        ))}
      </div>
      {failed.length > 0 && <Failed failed={failed} counts={data.markers.counts} />}
    </>
  );
}
