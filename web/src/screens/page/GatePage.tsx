/** `/gates/{id}`: one border gate, with the classes that it had. */
import type { Feature, FeatureCollection, Properties } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { localText, named, today } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import { gateSign } from "../../map/signs";
import { useResource } from "../../state/resource";
import { classPeriods } from "../partners/summary";
import { FactList } from "./Facts";
import { borderText, fieldTitle, periodText, text, texts, wordOf } from "./format";
import { ItemPage, ItemSheet } from "./ItemPage";
import { MarkerLinks } from "./MarkerLinks";
import { PlaceMap } from "./PlaceMap";
import { Story, type StoryEntry } from "./Story";
import { gateLegend, gatePoints } from "./sketch/build";

const AROUND_KM = 20; // of the small map, to each side
const NONE: Feature[] = [];

function GateFacts({ gate }: { gate: Feature }) {
  const p = gate.properties;
  const title = (name: string) => fieldTitle("gates", name);
  const markers = texts(p.markers);
  return (
    <FactList
      facts={[
        [title("counterpart_name"), text(p.counterpart_name)],
        [title("border"), borderText(p.border)],
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

function GateHead({ p }: { p: Properties }) {
  return (
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
  );
}

function GateSheet({ gate }: { gate: Feature }) {
  const p = gate.properties;
  const history = useResource<FeatureCollection>(
    itemsUrl("gates", { id: gate.id, datetime: "../.." }),
  );
  const versions = history.data?.features ?? NONE;
  const periods = classPeriods(versions).map(classEntry);
  return (
    <ItemSheet
      layer="gates"
      feature={gate}
      kind={[t("page.gate"), borderText(p.border)].join(" · ")}
      title={named(p)}
      lead={[text(p.province), text(p.partner)].filter(Boolean).join(" – ")}
      head={<GateHead p={p} />}
      map={
        <PlaceMap
          of={gate}
          layer="gates"
          name={named(p)}
          km={AROUND_KM}
          points={gatePoints}
          legend={gateLegend}
        />
      }
      facts={<GateFacts gate={gate} />}
      story={{ title: t("page.class_history"), body: <Story entries={periods} /> }}
      rows={versions.map((version) => version.properties)}
    />
  );
}

export function GatePage({ id }: { id: string }) {
  return (
    <ItemPage layer="gates" id={id}>
      {(data) => <GateSheet key={data.id} gate={data} />}
    </ItemPage>
  );
}
