/** One feature: the key figure first, all facts with their labels, its story, its source. */
import { useEffect, useRef } from "preact/hooks";
import type { Feature, FeatureCollection, LonLat } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { t } from "../../i18n";
import { coordinates, date, metres, plainCoordinates } from "../../i18n/format";
import { label, layerTitle, localText } from "../../i18n/words";
import { rowSign } from "../../map/rowSign";
import { Sign } from "../../map/Sign";
import { href } from "../../router";
import { type Resource, useResource } from "../../state/resource";
import { type Selection, select } from "../../state/screen";
import { CopyButton } from "../../ui/CopyButton";
import { EditLink } from "../../ui/EditLink";
import { Icon } from "../../ui/Icon";
import { Loaded } from "../../ui/States";
import { amountTexts } from "../page/amounts";
import { inOrder, preciseDate } from "../page/format";
import { PAGES, pageOf } from "../page/pages";
import { conditionWords, type Fact, factsOf, stageWords, technicalFacts } from "./facts";
import { titleOf } from "./ListRow";

type Text = Record<string, string | null | undefined>;

function keyWords(layer: string, p: Text): string[] {
  if (layer === "markers") return [stageWords(p.stage), conditionWords(p.condition)];
  if (layer === "gates") return [label("gate_class", p.gate_class)];
  if (layer !== "projects") return [];
  const unpriced = t("page.amount_unknown");
  return [label("finance_kind", p.finance_kind), amountTexts(p.amounts).join("; ") || unpriced];
}

/** The days that the key words are known for, in their order. */
function keyDay(layer: string, p: Text): string {
  if (layer !== "markers") return "";
  const days = [p.stage_as_of, p.condition !== "unknown" && p.condition_as_of];
  const said = [...new Set(days.filter(Boolean).map((day) => date(String(day))))];
  return said.length ? t("common.as_of", { date: said.join(" · ") }) : "";
}

function Place({
  point,
  indicative,
  feature,
}: {
  point: LonLat;
  indicative: boolean;
  feature: Feature;
}) {
  const margin = feature.properties.position_uncertainty_m;
  return (
    <div class="place">
      <h3>{t("drawer.coordinates")}</h3>
      {indicative && (
        <p class="notice">
          <strong>{label("position_quality", "indicative")}</strong>. {t("drawer.indicative")}
        </p>
      )}
      <p class="row">
        <span class="num">{coordinates(point, indicative ? 3 : 6)}</span>
        <CopyButton text={plainCoordinates(point)} name={t("drawer.coordinates")} />
      </p>
      {typeof margin === "number" && (
        <p class="small soft">{t("drawer.uncertainty", { n: metres(margin) })}</p>
      )}
    </div>
  );
}

function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl class="fact-list">
      {facts.map((fact) => (
        <div>
          <dt>{fact.title}</dt>
          <dd>{fact.text}</dd>
        </div>
      ))}
    </dl>
  );
}

function Events({ marker }: { marker: string }) {
  const found = useResource<FeatureCollection>(
    itemsUrl("marker_events", { marker_id: marker, datetime: "../.." }),
  );
  return (
    <section>
      <h3>{t("drawer.events")}</h3>
      <Loaded of={found}>
        {({ features }) => (
          <ol class="events">
            {[...features].sort(inOrder).map((event) => (
              <Step p={event.properties as Text} />
            ))}
            {features.length === 0 && <li class="soft">{t("drawer.no_events")}</li>}
          </ol>
        )}
      </Loaded>
    </section>
  );
}

function Step({ p }: { p: Text }) {
  const from = [p.document === p.source_id ? null : p.document, p.source];
  return (
    <li>
      <span class="num">{preciseDate(p.date ?? null, p.date_precision ?? null)}</span>{" "}
      <strong>{label("marker_event", p.event)}</strong>
      <div class="small soft">{from.filter(Boolean).join(" · ")}</div>
    </li>
  );
}

function Sources({ p }: { p: Text }) {
  return (
    <section class="small">
      <h3>{t("common.source")}</h3>
      <p>{p.source ?? t("common.unknown")}</p>
      <p>
        {t("common.confidence", {
          level: label("confidence", p.confidence) || t("common.unknown"),
        })}
      </p>
      {localText(p, "note") && <p class="soft">{localText(p, "note")}</p>}
    </section>
  );
}

function Body({ layer, feature }: { layer: string; feature: Feature }) {
  const p = feature.properties as Text;
  const point = feature.geometry?.type === "Point" ? feature.geometry.coordinates : null;
  return (
    <>
      <Facts facts={factsOf(layer, feature.properties)} />
      {point && (
        <Place point={point} indicative={p.position_quality === "indicative"} feature={feature} />
      )}
      {!point && PAGES.includes(layer) && <p class="notice">{t("drawer.no_place")}</p>}
      {layer === "markers" && <Events marker={feature.id} />}
      <Sources p={p} />
      <details class="small screen-only">
        <summary>{t("drawer.technical")}</summary>
        <Facts facts={technicalFacts(layer, feature)} />
      </details>
      <div class="drawer-actions">
        {PAGES.includes(layer) && (
          <a
            class="button"
            href={href(pageOf(layer, feature.id), {
              sel: null,
              at: null,
              panel: null,
              sheet: null,
            })}
          >
            <Icon name="page" /> {t("drawer.page")}
          </a>
        )}
        <EditLink layer={layer} id={feature.id} />
      </div>
    </>
  );
}

interface HeadProps {
  layer: string;
  feature: Feature | null;
  missing: string | null; // id of what could not be had
}

function Head({ layer, feature, missing }: HeadProps) {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // not on the first load of the page, when nobody has opened anything yet
    if (document.activeElement !== document.body) close.current?.focus({ preventScroll: true });
  }, []);
  const p = (feature?.properties ?? {}) as Text;
  const parts = feature && rowSign(layer, feature.properties);
  return (
    <header class="drawer-head">
      {parts && <Sign parts={parts} size={36} />}
      <div>
        <p class="small soft">{layerTitle(layer)}</p>
        <h2>
          {feature
            ? titleOf(layer, feature)
            : t(missing ? "page.missing" : "state.loading", { asked: missing ?? "" })}
        </h2>
        <p class="key">{feature && keyWords(layer, p).filter(Boolean).join(" · ")}</p>
        <p class="small soft">{feature && keyDay(layer, p)}</p>
      </div>
      <button
        type="button"
        ref={close}
        class="button plain icon"
        aria-label={t("common.close")}
        onClick={() => select(null)}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

interface Props {
  chosen: Selection;
  found: Resource<Feature>;
}

export function Drawer({ chosen, found }: Props) {
  return (
    <section data-testid="feature-drawer" aria-label={t("drawer.title")}>
      <Head
        layer={chosen.layer}
        feature={found.data}
        missing={found.error?.status === 404 ? chosen.id : null}
      />
      <Loaded of={found}>{(feature) => <Body layer={chosen.layer} feature={feature} />}</Loaded>
    </section>
  );
}
