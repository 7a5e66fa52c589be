/** A corridor, and the projects that lie within some kilometres of it. */
import type { Corridor, CorridorProjects, Feature } from "../../api/types";
import { corridorProjectsUrl, corridorsUrl } from "../../api/urls";
import { t } from "../../i18n";
import { money, number } from "../../i18n/format";
import { info, label, named } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import { projectSign } from "../../map/signs";
import { setQuery } from "../../router";
import { useResource } from "../../state/resource";
import { corridorState, KM_MAX } from "../../state/screen";
import { Icon } from "../../ui/Icon";
import { Empty, Loaded } from "../../ui/States";
import { useDelayed } from "../../ui/useDelayed";
import { ListRow } from "./ListRow";
import type { PanelProps } from "./PanelBody";
import { saveGeoJson } from "./saveFile";
import type { Show } from "./useFit";

const WAIT = 150; // ms that the slider must rest

function Lengths({ corridor }: { corridor: Corridor }) {
  const lengths = [
    corridor.length_published_km &&
      t("corridor.published", { n: number(corridor.length_published_km, 0) }),
    corridor.length_measured_km &&
      t("corridor.measured", { n: number(corridor.length_measured_km, 0) }),
  ];
  return <p class="small soft">{lengths.filter(Boolean).join(" · ")}</p>;
}

function Choice({ corridors, show }: { corridors: Corridor[]; show: Show }) {
  const { id } = corridorState.value;
  const chosen = corridors.find((one) => one.id === id);
  const choose = (next: string) => {
    setQuery({ corridor: next });
    const bbox = corridors.find((one) => one.id === next)?.bbox;
    if (bbox) show(bbox);
  };
  return (
    <>
      <label class="label" for="corridor">
        {t("corridor.choose")}
      </label>
      <select
        id="corridor"
        class="field"
        value={id}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {corridors.map((one) => (
          <option value={one.id}>{named(one)}</option>
        ))}
      </select>
      {chosen && <Lengths corridor={chosen} />}
    </>
  );
}

function Reach() {
  const { km } = corridorState.value;
  const change = (event: Event) =>
    setQuery({ km: (event.currentTarget as HTMLInputElement).value }, { replace: true });
  return (
    <div class="reach">
      <label class="label" for="km">
        {t("corridor.within")}{" "}
        <output for="km" class="num">
          <strong>{t("common.km", { n: number(km) })}</strong>
        </output>
      </label>
      <input id="km" type="range" min="0" max={KM_MAX} step="1" value={km} onInput={change} />
    </div>
  );
}

function Totals({ found }: { found: CorridorProjects }) {
  if (found.totals.length === 0) return null;
  return (
    <table class="totals">
      <thead>
        <tr>
          <th scope="col">{t("corridor.kind")}</th>
          <th scope="col" class="num">
            {t("corridor.projects")}
          </th>
          <th scope="col" class="num">
            {t("corridor.amount")}
          </th>
        </tr>
      </thead>
      <tbody>
        {found.totals.map((row) => (
          <tr>
            <th scope="row">
              <span class="row">
                <Sign parts={projectSign(row.kind, null)} size={16} />
                {label("finance_kind", row.kind)}
              </span>
            </th>
            <td class="num">{number(row.count)}</td>
            <td class="num">
              {row.amounts.map((sum) => (
                <div>{money(sum.value, sum.currency)}</div>
              ))}
              {row.unstated > 0 && (
                <div class="soft">{t("corridor.unstated", { n: number(row.unstated) })}</div>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function whereabouts(project: Feature): (string | false | 0)[] {
  const { distance_km, chainage_km, possible } = project.properties as Record<string, number>;
  return [
    Number.isFinite(distance_km) && t("corridor.away", { n: number(distance_km as number, 1) }),
    Number.isFinite(chainage_km) && t("corridor.at_km", { n: number(chainage_km as number, 0) }),
    possible ? t("corridor.possible") : "",
  ];
}

function exportFound(found: CorridorProjects): void {
  const { corridor, within_km, uncertainty_km } = found;
  const about = { corridor, within_km, uncertainty_km, exercise: info.value?.exercise ?? false };
  saveGeoJson(`${corridor}-${within_km}km.geojson`, found.features, about);
}

function Found({ found }: { found: CorridorProjects }) {
  const { features, unlocated, possible } = found;
  return (
    <>
      <p class="both" aria-live="polite">
        <strong class="num" data-testid="corridor-count">
          {number(found.total)}
        </strong>{" "}
        {t("corridor.count", { km: number(found.within_km) })}
        {possible > 0 && (
          <span class="small soft"> ({t("corridor.maybe", { n: number(possible) })})</span>
        )}
      </p>
      <p class="small soft">
        {found.uncertainty_km
          ? t("corridor.uncertainty", { n: number(found.uncertainty_km, 1) })
          : ""}{" "}
        {unlocated > 0 && t("corridor.unlocated", { n: number(unlocated) })}
      </p>
      <Totals found={found} />
      <button
        type="button"
        class="button"
        data-testid="export-geojson"
        onClick={() => exportFound(found)}
      >
        <Icon name="download" />{" "}
        {t("export.button_n", { format: "GeoJSON", n: number(features.length) })}
      </button>
      {features.length === 0 && <Empty>{t("corridor.none")}</Empty>}
      <ul class="list">
        {features.map((project) => (
          <ListRow layer="projects" feature={project} more={whereabouts(project)} />
        ))}
      </ul>
    </>
  );
}

export function CorridorPanel({ show }: PanelProps) {
  const { id, km } = corridorState.value;
  const settled = useDelayed(km, WAIT);
  const corridors = useResource<{ corridors: Corridor[] }>(corridorsUrl);
  const found = useResource<CorridorProjects>(corridorProjectsUrl(id, settled));
  return (
    <section data-testid="corridor-panel" aria-label={t("corridor.title")}>
      <Loaded of={corridors}>
        {(all) => <Choice corridors={all.corridors.filter((one) => one.bbox)} show={show} />}
      </Loaded>
      <Reach />
      <Loaded of={found}>{(projects) => <Found found={projects} />}</Loaded>
    </section>
  );
}
