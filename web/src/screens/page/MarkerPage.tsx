/** `/markers/{id}`: one border marker. */
import { useMemo } from "preact/hooks";
import type { Feature, FeatureCollection, Properties } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { lang, t } from "../../i18n";
import { date } from "../../i18n/format";
import { localText } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import { markerSign } from "../../map/signs";
import { href } from "../../router";
import { useMayAdd } from "../../state/may";
import { useResource } from "../../state/resource";
import { AddLink } from "../../ui/EditLink";
import { FactList } from "./Facts";
import { borderText, eventOrder, fieldTitle, preciseDate, text, texts, wordOf } from "./format";
import { ItemPage, ItemSheet } from "./ItemPage";
import { PlaceMap } from "./PlaceMap";
import { Story, type StoryEntry } from "./Story";
import { markerLegend, markerPoints } from "./sketch/build";

const AROUND_KM = 8; // of the small map, to each side
const AROUND_INDICATIVE_KM = 20;

function HeadFacts({ marker }: { marker: Feature }) {
  const p = marker.properties;
  const [stage, condition] = [text(p.stage), text(p.condition) || "unknown"];
  return (
    <div class="head-sign">
      <Sign parts={markerSign(stage, condition)} size={40} />
      <div>
        <div class="small soft">{fieldTitle("markers", "stage")}</div>
        <div class="head-value">{wordOf("markers", "stage", stage) || t("common.unknown")}</div>
        <div class="small soft">
          {p.stage_as_of ? t("common.as_of", { date: date(text(p.stage_as_of)) }) : ""}
        </div>
      </div>
      <div>
        <div class="small soft">{fieldTitle("markers", "condition")}</div>
        <div class="head-value">{wordOf("markers", "condition", condition)}</div>
        <div class="small soft">
          {p.condition_as_of
            ? t("common.as_of", { date: date(text(p.condition_as_of)) })
            : t("page.condition_unseen")}
        </div>
      </div>
    </div>
  );
}

function Twins({ twins, id }: { twins: Feature[]; id: string }) {
  const others = twins.filter((twin) => twin.id !== id);
  if (!others.length) return null;
  return (
    <>
      {others.map((twin, i) => (
        <span key={twin.id}>
          {i > 0 && ", "}
          <a href={href(`/markers/${twin.id}`)}>{text(twin.properties.number)}</a>
        </span>
      ))}
    </>
  );
}

function MarkerFacts({ marker, twins }: { marker: Feature; twins: Feature[] }) {
  const p = marker.properties;
  const title = (name: string) => fieldTitle("markers", name);
  const word = (name: string) => wordOf("markers", name, p[name]);
  return (
    <FactList
      facts={[
        [title("name_vi"), text(p.name_vi)],
        [title("border"), texts(p.border_ids).map(borderText).join(", ") || borderText(p.border)],
        [title("province"), text(p.province)],
        [title("locality"), text(p.locality)],
        [title("kind"), word("kind")],
        [title("multiplicity"), word("multiplicity")],
        [t("page.twins"), twins.length > 1 && <Twins twins={twins} id={marker.id} />],
        [title("marker_class"), word("marker_class")],
        [title("side"), text(p.side)],
        [title("height_m"), typeof p.height_m === "number" && heightText(p)],
        [title("post_id"), text(p.post_id)],
        [title("inspection_due"), date(text(p.inspection_due))],
        [title("confidence"), word("confidence")],
        [title("note"), localText(p, "note")],
      ]}
    />
  );
}

function heightText({ height_m, height_datum }: Properties): string {
  const datum = height_datum ? ` (${text(height_datum)})` : "";
  return `${text(height_m)} m${datum}`;
}

function eventEntry(event: Feature, editable: boolean): StoryEntry {
  const { id, properties: p } = event;
  return {
    key: id,
    sort: eventOrder(event),
    when: preciseDate(text(p.date), text(p.date_precision)),
    what: wordOf("marker_events", "event", p.event),
    details: [
      p.document === p.source_id ? "" : text(p.document),
      localText(p, "evidence"),
      localText(p, "note"),
    ],
    row: p,
    files: { layer: "marker_events", editable },
  };
}

function inspectionEntry({ id, properties: p }: Feature, editable: boolean): StoryEntry {
  const condition = wordOf("inspections", "condition", p.condition);
  return {
    key: id,
    sort: text(p.at).slice(0, 10),
    when: date(text(p.at)),
    what: t("page.inspected", { condition }),
    details: [wordOf("inspections", "mode", p.mode), text(p.findings)],
    row: p,
    files: { layer: "inspections", editable },
  };
}

function useStory(id: string): { entries: StoryEntry[]; rows: Properties[] } {
  const events = useResource<FeatureCollection>(itemsUrl("marker_events", { marker_id: id }));
  const visits = useResource<FeatureCollection>(itemsUrl("inspections", { marker_id: id }));
  const [mayStep, mayVisit] = [useMayAdd("marker_events"), useMayAdd("inspections")];
  return useMemo(() => {
    const [steps, seen] = [events.data?.features ?? [], visits.data?.features ?? []];
    const entries = [
      ...steps.map((one) => eventEntry(one, mayStep)),
      ...seen.map((one) => inspectionEntry(one, mayVisit)),
    ];
    return { entries, rows: [...steps, ...seen].map((one) => one.properties) };
  }, [events.data, visits.data, lang.value, mayStep, mayVisit]);
}

const NO_TWINS: Feature[] = [];

function MarkerSheet({ marker }: { marker: Feature }) {
  const p = marker.properties;
  const position = text(p.position_id);
  const twins =
    useResource<FeatureCollection>(position ? itemsUrl("markers", { position_id: position }) : null)
      .data?.features ?? NO_TWINS;
  const story = useStory(marker.id);
  const number = text(p.number);
  return (
    <ItemSheet
      layer="markers"
      feature={marker}
      kind={[wordOf("markers", "kind", p.kind) || t("page.marker"), borderText(p.border)].join(
        " · ",
      )}
      title={t("page.marker_title", { number })}
      lead={text(p.province)}
      head={<HeadFacts marker={marker} />}
      map={
        <PlaceMap
          of={marker}
          shown={twins.length ? twins : undefined}
          layer="markers"
          name={number}
          km={p.position_quality === "indicative" ? AROUND_INDICATIVE_KM : AROUND_KM}
          points={markerPoints}
          legend={markerLegend}
        />
      }
      facts={<MarkerFacts marker={marker} twins={twins} />}
      story={{
        title: t("page.story"),
        body: (
          <>
            <Story entries={story.entries} />
            <div class="leaf-actions screen-only">
              <AddLink layer="marker_events" of={{ marker_id: marker.id }} />
              <AddLink layer="inspections" of={{ marker_id: marker.id }} />
            </div>
          </>
        ),
      }}
      rows={story.rows}
    />
  );
}

export function MarkerPage({ id }: { id: string }) {
  return (
    <ItemPage layer="markers" id={id}>
      {(data) => <MarkerSheet key={data.id} marker={data} />}
    </ItemPage>
  );
}
