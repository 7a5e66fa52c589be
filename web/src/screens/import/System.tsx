/** The coordinate system, why it is taken, and where the points lie by it. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { request } from "../../api/client";
import type { BBox, Feature } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { layer } from "../../i18n/words";
import { bboxOf } from "../../map/geo";
import { MapView } from "../../map/MapView";
import type { Overlays } from "../../map/types";
import { useSurroundings } from "../page/context";
import type { PointRows, Preview } from "./types";
import { type Import, importUrl } from "./useImport";
import { zoneReason, zoneTitle } from "./words";

interface Props {
  made: Preview;
  of: Import;
}

const NONE: Feature[] = [];
const MARGIN = 0.1; // degrees around the points

/** The rows as markers: a cross where the row has an error, a ring where it has none. */
function pointsOf(rows: PointRows): Feature[] {
  return rows.features.map(({ id, geometry, properties }) => ({
    type: "Feature",
    id: String(id),
    geometry,
    properties: {
      ...properties,
      number: properties.label ?? t("import.row", { n: id }),
      stage: properties.action === "error" ? "planned" : "located",
      condition: properties.action === "error" ? "missing" : "unknown",
    },
  }));
}

/** The places of the rows as they are judged now. */
function usePoints(made: Preview): Feature[] | null {
  const [points, setPoints] = useState<Feature[] | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    request<PointRows>(`${importUrl(made.id)}/map`, abort.signal).then(
      (rows) => setPoints(pointsOf(rows)),
      () => undefined, // the counts beside the map say what it would show
    );
    return () => abort.abort();
  }, [made]);
  return points;
}

function around(points: Feature[]): BBox | null {
  const box = bboxOf(points.map((one) => one.geometry));
  if (!box) return null;
  const [w, s, e, n] = box;
  return [w - MARGIN, s - MARGIN, e + MARGIN, n + MARGIN];
}

function rowsOf({ counts }: Preview): number {
  return ["create", "change", "same", "error"].reduce((sum, key) => sum + (counts[key] ?? 0), 0);
}

/** What the map shows, in words. */
function Told({ points, box, made }: { points: Feature[]; box: BBox | null; made: Preview }) {
  const lost = rowsOf(made) - points.length;
  const [w, s, e, n] = (box ?? [0, 0, 0, 0]).map((degrees) => number(degrees, 2));
  return (
    <p class="small" role="status" data-testid="import-extent">
      {t("import.points", { n: number(points.length) })}{" "}
      {box && t("import.extent", { w: w ?? "", s: s ?? "", e: e ?? "", n: n ?? "" })}{" "}
      {lost > 0 && t("import.unplaced", { n: number(lost) })}
    </p>
  );
}

function PointsMap({ made }: { made: Preview }) {
  const points = usePoints(made);
  const box = useMemo(() => around(points ?? NONE), [points]);
  const surroundings = useSurroundings(box);
  const [chosen, setChosen] = useState<string | null>(null);
  const overlays = useMemo<Overlays>(
    () => ({ ...surroundings, markers: points ?? NONE }),
    [surroundings, points],
  );
  const row = points?.find(({ id }) => id === chosen);
  return (
    <div class="import-map">
      {points && <Told points={points} box={box} made={made} />}
      <div class="form-map">
        <MapView
          small
          label={t("import.map")}
          overlays={overlays}
          fit={box && { bbox: box, key: box.join() }}
          selected={chosen ? { role: "markers", id: chosen } : null}
          onSelect={(ref) => setChosen(ref?.role === "markers" ? ref.id : null)}
        />
      </div>
      <p class="tiny soft" role="status">
        {row
          ? t("import.row_of", { n: row.id, name: String(row.properties.number) })
          : t("import.map_help")}
      </p>
    </div>
  );
}

function Fits({ made }: { made: Preview }) {
  const titles = new Map(made.zones.map((zone) => [zone.crs, zoneTitle(zone)]));
  if (made.fits.length < 2) return null;
  return (
    <details>
      <summary>{t("import.fits")}</summary>
      <ul>
        {made.fits.map(({ crs, share }) => (
          <li key={crs}>
            {titles.get(crs) ?? crs}: {number(share * 100, 0)} %
          </li>
        ))}
      </ul>
    </details>
  );
}

export function System({ made, of }: Props) {
  if (!layer(made.options.layer)?.geometry) return null;
  const crs = of.asked.crs === undefined ? made.options.crs : of.asked.crs;
  return (
    <section class="leaf-section">
      <h2>{t("import.system")}</h2>
      <div class="form-field">
        <label class="label" for="import-crs">
          {t("import.crs")}
        </label>
        <select
          id="import-crs"
          class="field"
          aria-describedby="import-crs-why"
          value={crs ?? ""}
          onChange={(event) => {
            const next = event.currentTarget.value || null;
            of.change(() => ({ crs: next }));
          }}
        >
          <option value="">{t("import.crs.guess")}</option>
          {made.zones.map((zone) => (
            <option key={zone.crs} value={zone.crs}>
              {zoneTitle(zone)}
            </option>
          ))}
        </select>
        <p id="import-crs-why" class="small">
          {zoneReason(made)}
        </p>
      </div>
      <Fits made={made} />
      <PointsMap made={made} />
    </section>
  );
}
