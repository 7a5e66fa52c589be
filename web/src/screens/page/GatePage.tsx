/** `/gates/{id}`: one border gate, with the classes that it had. */
import { useMemo } from "preact/hooks";
import type { Feature, FeatureCollection } from "../../api/types";
import { itemsUrl, itemUrl } from "../../api/urls";
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { localText, named, today } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import { gateSign } from "../../map/signs";
import { href } from "../../router";
import { useResource } from "../../state/resource";
import { classPeriods } from "../partners/summary";
import { useSurroundings } from "./context";
import { FactList } from "./Facts";
import { fieldTitle, periodText, text, texts, wordOf } from "./format";
import { MarkerLinks } from "./MarkerLinks";
import { PageMap } from "./PageMap";
import { PageOf } from "./PageOf";
import { IndicativeNotice, PlaceFacts } from "./Place";
import { Section, Sheet } from "./Sheet";
import { Sourced, SourceList } from "./Sources";
import { Story, type StoryEntry } from "./Story";
import {
  areaOf,
  borderOf,
  gateLegend,
  gatePoints,
  islandsOf,
  lineLegend,
  pointOf,
} from "./sketch/build";
import { boxAround } from "./sketch/projection";
import { useSources } from "./useSources";

const AROUND_KM = 20; // of the small map, to each side
const NONE: Feature[] = [];

function GateMap({ gate }: { gate: Feature }) {
  const at = pointOf(gate);
  const box = useMemo(() => at && boxAround(at, AROUND_KM), [at]);
  const around = useSurroundings(box);
  const sketch = useMemo(() => {
    const lines = around.borders.map(borderOf);
    return {
      title: t("page.map.of", { name: named(gate.properties) }),
      bbox: box ?? [0, 0, 0, 0],
      areas: around.units.map((unit) => areaOf(unit, "other")),
      lines,
      points: gatePoints([gate], gate.id),
      legend: [...gateLegend([gate]), ...lineLegend(lines)],
      islands: islandsOf(around.islands),
    };
  }, [around, box, gate]);
  const overlays = useMemo(
    () => ({
      units: around.units,
      borders: around.borders,
      islands: around.islands,
      gates: [gate],
    }),
    [around, gate],
  );
  if (!box) return null;
  return <PageMap sketch={sketch} overlays={overlays} selected={{ role: "gates", id: gate.id }} />;
}

function GateFacts({ gate }: { gate: Feature }) {
  const p = gate.properties;
  const title = (name: string) => fieldTitle("gates", name);
  const markers = texts(p.markers);
  return (
    <FactList
      facts={[
        [title("counterpart_name"), text(p.counterpart_name)],
        [title("border"), text(p.border)],
        [title("province"), text(p.province)],
        [title("commune"), text(p.commune)],
        [title("partner"), text(p.partner)],
        [title("transport"), wordOf("gates", "transport", p.transport)],
        [title("road_vn"), text(p.road_vn)],
        [title("road_other"), text(p.road_other)],
        [title("markers"), markers.length > 0 && <MarkerLinks key="markers" ids={markers} />],
        [title("class_note"), localText(p, "class_note")],
        [title("proposal"), text(p.proposal)],
        [title("confidence"), wordOf("gates", "confidence", p.confidence)],
        [title("note"), localText(p, "note")],
      ]}
    />
  );
}

function classEntry({ properties: p }: Feature): StoryEntry {
  const [from, to] = [text(p.valid_from) || null, text(p.valid_to) || null];
  return {
    key: `${from} ${to}`,
    sort: from ?? "0000",
    when: periodText(from, to) || t("page.since_unknown"),
    what: wordOf("gates", "gate_class", p.gate_class),
    details: [localText(p, "class_note")],
    row: p,
  };
}

function GateSheet({ gate }: { gate: Feature }) {
  const p = gate.properties;
  const history = useResource<FeatureCollection>(
    itemsUrl("gates", { id: gate.id, datetime: "../.." }),
  );
  const versions = history.data?.features ?? NONE;
  const sources = useSources([p, ...versions.map((version) => version.properties)]);
  return (
    <Sourced.Provider value={sources}>
      <Sheet
        path={`/gates/${gate.id}`}
        kind={[t("page.gate"), text(p.border)].join(" · ")}
        title={named(p)}
        back={{ href: href("/", { sel: `gates/${gate.id}` }), words: t("app.back_to_map") }}
        lead={<p>{[text(p.province), text(p.partner)].filter(Boolean).join(" – ")}</p>}
      >
        <div class="head-sign">
          <Sign parts={gateSign(text(p.gate_class) || "unknown")} size={40} />
          <div>
            <div class="head-value">{wordOf("gates", "gate_class", p.gate_class)}</div>
            <div class="small soft">
              {periodText(text(p.valid_from) || null, null) ||
                t("common.as_of", { date: date(today.value) })}
            </div>
          </div>
        </div>
        <IndicativeNotice feature={gate} />
        <GateMap gate={gate} />
        <Section title={t("page.where")}>
          <PlaceFacts feature={gate} layer="gates" />
        </Section>
        <Section title={t("page.facts")}>
          <GateFacts gate={gate} />
        </Section>
        <Section title={t("page.class_history")}>
          <Story entries={classPeriods(versions).map(classEntry)} />
        </Section>
        <Section title={t("page.sources")}>
          <SourceList />
        </Section>
      </Sheet>
    </Sourced.Provider>
  );
}

export function GatePage({ id }: { id: string }) {
  const gate = useResource<Feature>(itemUrl("gates", id));
  return (
    <PageOf of={gate} asked={id} back={{ path: "/", words: t("app.back_to_map") }}>
      {(data) => <GateSheet key={data.id} gate={data} />}
    </PageOf>
  );
}
