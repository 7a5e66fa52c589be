/** `/markers/{id}`: one border marker. */
import { useMemo } from "preact/hooks";
import type { Feature, FeatureCollection, Properties } from "../../api/types";
import { itemsUrl, itemUrl } from "../../api/urls";
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { localText, words } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import { markerSign } from "../../map/signs";
import { href } from "../../router";
import { useResource } from "../../state/resource";
import { useSurroundings } from "./context";
import { FactList } from "./Facts";
import { fieldTitle, preciseDate, text, texts, wordOf } from "./format";
import { PageMap } from "./PageMap";
import { PageOf } from "./PageOf";
import { IndicativeNotice, PlaceFacts } from "./Place";
import { Section, Sheet } from "./Sheet";
import { Sourced, SourceList } from "./Sources";
import { Story, type StoryEntry } from "./Story";
import {
  areaOf,
  borderOf,
  islandsOf,
  lineLegend,
  markerLegend,
  markerPoints,
  pointOf,
} from "./sketch/build";
import { boxAround } from "./sketch/projection";
import { useSources } from "./useSources";

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
        [title("border"), texts(p.border_ids).join(", ").toUpperCase() || text(p.border)],
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

/** Place of an event in the order of the vocabulary: located before built on the same day. */
function stepOf(event: string): number {
  return words("marker_event").findIndex(({ value }) => value === event);
}

function eventEntry({ id, properties: p }: Feature): StoryEntry {
  return {
    key: id,
    sort: `${text(p.date)} ${String(stepOf(text(p.event))).padStart(2, "0")}`,
    when: preciseDate(text(p.date), text(p.date_precision)),
    what: wordOf("marker_events", "event", p.event),
    details: [
      p.document === p.source_id ? "" : text(p.document),
      localText(p, "evidence"),
      localText(p, "note"),
    ],
    row: p,
  };
}

function inspectionEntry({ id, properties: p }: Feature): StoryEntry {
  const condition = wordOf("inspections", "condition", p.condition);
  return {
    key: id,
    sort: text(p.at).slice(0, 10),
    when: date(text(p.at)),
    what: t("page.inspected", { condition }),
    details: [wordOf("inspections", "mode", p.mode), text(p.findings)],
    row: p,
  };
}

function useStory(id: string): { entries: StoryEntry[]; rows: Properties[] } {
  const events = useResource<FeatureCollection>(itemsUrl("marker_events", { marker_id: id }));
  const visits = useResource<FeatureCollection>(itemsUrl("inspections", { marker_id: id }));
  return useMemo(() => {
    const [steps, seen] = [events.data?.features ?? [], visits.data?.features ?? []];
    const entries = [...steps.map(eventEntry), ...seen.map(inspectionEntry)];
    return { entries, rows: [...steps, ...seen].map((one) => one.properties) };
  }, [events.data, visits.data]);
}

function MarkerMap({ marker, twins }: { marker: Feature; twins: Feature[] }) {
  const at = pointOf(marker);
  const indicative = marker.properties.position_quality === "indicative";
  const box = useMemo(
    () => at && boxAround(at, indicative ? AROUND_INDICATIVE_KM : AROUND_KM),
    [at, indicative],
  );
  const around = useSurroundings(box);
  const shown = twins.length ? twins : [marker];
  const sketch = useMemo(() => {
    const lines = around.borders.map(borderOf);
    return {
      title: t("page.map.of", { name: text(marker.properties.number) }),
      bbox: box ?? [0, 0, 0, 0],
      areas: around.units.map((unit) => areaOf(unit, "other")),
      lines,
      points: markerPoints(shown, marker.id),
      legend: [...markerLegend(shown), ...lineLegend(lines)],
      islands: islandsOf(around.islands),
    };
  }, [around, box, marker, shown]);
  const overlays = useMemo(
    () => ({
      units: around.units,
      borders: around.borders,
      islands: around.islands,
      markers: shown,
    }),
    [around, shown],
  );
  if (!box) return null;
  return (
    <PageMap sketch={sketch} overlays={overlays} selected={{ role: "markers", id: marker.id }} />
  );
}

const NO_TWINS: Feature[] = [];

function MarkerSheet({ marker }: { marker: Feature }) {
  const p = marker.properties;
  const position = text(p.position_id);
  const twins =
    useResource<FeatureCollection>(position ? itemsUrl("markers", { position_id: position }) : null)
      .data?.features ?? NO_TWINS;
  const story = useStory(marker.id);
  const sources = useSources([p, ...story.rows]);
  const number = text(p.number);
  return (
    <Sourced.Provider value={sources}>
      <Sheet
        path={`/markers/${marker.id}`}
        kind={[wordOf("markers", "kind", p.kind) || t("page.marker"), text(p.border)].join(" · ")}
        title={t("page.marker_title", { number })}
        back={{ href: href("/", { sel: `markers/${marker.id}` }), words: t("app.back_to_map") }}
        lead={<p>{text(p.province)}</p>}
      >
        <HeadFacts marker={marker} />
        <IndicativeNotice feature={marker} />
        <MarkerMap marker={marker} twins={twins} />
        <Section title={t("page.where")}>
          <PlaceFacts feature={marker} layer="markers" />
        </Section>
        <Section title={t("page.facts")}>
          <MarkerFacts marker={marker} twins={twins} />
        </Section>
        <Section title={t("page.story")}>
          <Story entries={story.entries} />
        </Section>
        <Section title={t("page.sources")}>
          <SourceList />
        </Section>
      </Sheet>
    </Sourced.Provider>
  );
}

export function MarkerPage({ id }: { id: string }) {
  const marker = useResource<Feature>(itemUrl("markers", id));
  return (
    <PageOf of={marker} asked={id} back={{ path: "/", words: t("app.back_to_map") }}>
      {(data) => <MarkerSheet key={data.id} marker={data} />}
    </PageOf>
  );
}
