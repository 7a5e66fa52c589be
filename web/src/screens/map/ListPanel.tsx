/** What the map shows, as a list for keyboard and screen reader, in step with view and filters. */
import { useRef, useState } from "preact/hooks";
import type { BBox, Feature } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { label, layerTitle, named } from "../../i18n/words";
import { anchorOf, contains } from "../../map/geo";
import { facetted, type MapData } from "../../state/data";
import { shownLayers } from "../../state/screen";
import { Empty } from "../../ui/States";
import { ExportBox } from "./ExportBox";
import { conditionWords, stageWords } from "./facts";
import { ListRow } from "./ListRow";
import type { PanelProps } from "./PanelBody";

const LISTED = ["markers", "gates", "projects", "corridors"] as const;
type Listed = (typeof LISTED)[number];
const STEP = 100; // rows added at a time

interface Item {
  layer: Listed;
  feature: Feature;
}

function listed(data: MapData): Item[] {
  return LISTED.filter((layer) => shownLayers.value.has(layer)).flatMap((layer) =>
    facetted(layer, data.all[layer] ?? []).map((feature) => ({ layer, feature })),
  );
}

function inView({ feature }: Item, box: BBox | null): boolean {
  const at = anchorOf(feature);
  return at !== null && (!box || contains(box, at));
}

function moreOf({ layer, feature }: Item): (string | null | undefined)[] {
  const p = feature.properties as Record<string, string | null>;
  const parts: Record<Listed, (string | null | undefined)[]> = {
    markers: [stageWords(p.stage), conditionWords(p.condition), p.province],
    gates: [label("gate_class", p.gate_class), p.province],
    projects: [label("finance_kind", p.finance_kind), p.province],
    corridors: [named(p, "corridor_name"), p.road],
  };
  return parts[layer];
}

function Row({ item, tab }: { item: Item; tab: boolean }) {
  return <ListRow layer={item.layer} feature={item.feature} more={moreOf(item)} tab={tab} />;
}

/** Arrow keys, Home and End move the focus between the rows. */
function walk(event: KeyboardEvent, root: HTMLElement | null): void {
  const rows = [...(root?.querySelectorAll<HTMLElement>(".list-row") ?? [])];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: rows.length - 1,
  };
  const next = rows[to[event.key] ?? -1];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export function ListPanel({ data, box }: PanelProps) {
  const [most, setMost] = useState(STEP);
  const root = useRef<HTMLElement>(null);
  const all = listed(data);
  const items = all.filter((item) => inView(item, box));
  const unplaced = all.filter(({ feature }) => feature.geometry === null);
  const loading = Object.values(data.resources).some((r) => r.loading && !r.data);
  return (
    <section
      id="list"
      ref={root}
      tabIndex={-1}
      aria-label={t("list.title")}
      onKeyDown={(event) => walk(event, root.current)}
    >
      <p class="small soft" aria-live="polite">
        {loading ? t("state.loading") : t("list.in_view", { n: number(items.length) })}
      </p>
      {!items.length && !loading && <Empty>{t("list.empty")}</Empty>}
      {LISTED.map((layer) => {
        const rows = items.slice(0, most).filter((item) => item.layer === layer);
        return (
          rows.length > 0 && (
            <>
              <h2 class="section-title">{layerTitle(layer)}</h2>
              <ul class="list">
                {rows.map((item) => (
                  <Row item={item} tab={item === items[0]} />
                ))}
              </ul>
            </>
          )
        );
      })}
      {items.length > most && (
        <button type="button" class="button" onClick={() => setMost(most + STEP)}>
          {t("list.more", { n: number(items.length - most) })}
        </button>
      )}
      {unplaced.length > 0 && (
        <details class="unplaced">
          <summary>{t("list.unplaced", { n: number(unplaced.length) })}</summary>
          <ul class="list">
            {unplaced.slice(0, most).map((item) => (
              <Row item={item} tab={items.length === 0 && item === unplaced[0]} />
            ))}
          </ul>
        </details>
      )}
      <ExportBox data={data} box={box} />
    </section>
  );
}
