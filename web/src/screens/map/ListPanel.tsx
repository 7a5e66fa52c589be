/** What the map shows, as a list for keyboard and screen reader, in step with view and filters. */
import { useEffect, useRef } from "preact/hooks";
import type { BBox, Feature } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { label, layerTitle, named } from "../../i18n/words";
import { anchorOf, contains } from "../../map/geo";
import { facetted, type MapData } from "../../state/data";
import { useMarkersInView } from "../../state/markers";
import { shownLayers } from "../../state/screen";
import { AddLink } from "../../ui/EditLink";
import { Empty } from "../../ui/States";
import { ExportBox } from "./ExportBox";
import { conditionWords, stageWords } from "./facts";
import { ListRow } from "./ListRow";
import type { PanelProps } from "./PanelBody";

const SMALL = ["gates", "projects", "corridors"] as const; // layers that the map holds whole
const LISTED = ["markers", ...SMALL] as const;
type Listed = (typeof LISTED)[number];

interface Item {
  layer: Listed;
  feature: Feature;
}

const asItem =
  (layer: Listed) =>
  (feature: Feature): Item => ({ layer, feature });

function listed(data: MapData): Item[] {
  return SMALL.filter((layer) => shownLayers.value.has(layer)).flatMap((layer) =>
    facetted(layer, data.all[layer] ?? []).map(asItem(layer)),
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

interface MoreProps {
  left: number;
  more: () => void;
}

/** The button that brings the next page, pressed by scrolling to it too. */
function More({ left, more }: MoreProps) {
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(more);
  latest.current = more;
  useEffect(() => {
    const watch = new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) latest.current();
    });
    watch.observe(button.current as HTMLButtonElement);
    return () => watch.disconnect();
  }, []);
  return (
    <button type="button" class="button" ref={button} onClick={more}>
      {t("list.more", { n: number(left) })}
    </button>
  );
}

interface SectionProps {
  layer: Listed;
  items: Item[];
  first: boolean; // whether its first row is reached by the tab key
}

function Section({ layer, items, first }: SectionProps) {
  if (items.length === 0) return null;
  return (
    <>
      <h2 class="section-title">{layerTitle(layer)}</h2>
      <ul class="list">
        {items.map((item, i) => (
          <Row key={item.feature.id} item={item} tab={first && i === 0} />
        ))}
      </ul>
    </>
  );
}

interface UnplacedProps {
  items: Item[];
  total: number;
  first: boolean;
}

/** Those without a point; many are too many to be walked through here. */
function Unplaced({ items, total, first }: UnplacedProps) {
  if (total === 0) return null;
  return (
    <details class="unplaced">
      <summary>{t("list.unplaced", { n: number(total) })}</summary>
      <ul class="list">
        {items.map((item, i) => (
          <Row key={item.feature.id} item={item} tab={first && i === 0} />
        ))}
      </ul>
      {total > items.length && (
        <p class="small soft">{t("list.more", { n: number(total - items.length) })}</p>
      )}
    </details>
  );
}

export function ListPanel({ data, box }: PanelProps) {
  const root = useRef<HTMLElement>(null);
  const markers = useMarkersInView(box);
  const small = listed(data);
  const placed = small.filter((item) => inView(item, box));
  const items = [...markers.features.map(asItem("markers")), ...placed];
  const lost = shownLayers.value.has("markers") ? data.markers.unplaced.data : null;
  const unplaced = [
    ...(lost?.features ?? []).map(asItem("markers")),
    ...small.filter(({ feature }) => feature.geometry === null),
  ];
  const lostMore = (lost?.numberMatched ?? 0) - (lost?.features.length ?? 0);
  const total = markers.matched + placed.length;
  const starting = Object.values(data.resources).some((r) => r.loading && !r.data);
  const loading = starting || (markers.loading && items.length === 0);
  const whole = markers.features.length >= markers.matched;
  return (
    <section
      id="list"
      data-testid="list"
      ref={root}
      tabIndex={-1}
      aria-label={t("list.title")}
      onKeyDown={(event) => walk(event, root.current)}
    >
      <p
        class="small soft"
        aria-live="polite"
        data-testid="list-count"
        data-markers={markers.matched}
      >
        {loading ? t("state.loading") : t("list.in_view", { n: number(total) })}
      </p>
      {!items.length && !loading && <Empty>{t("list.empty")}</Empty>}
      {LISTED.filter((layer) => whole || layer === "markers").map((layer) => (
        <Section
          layer={layer}
          items={items.filter((item) => item.layer === layer)}
          first={layer === items[0]?.layer}
        />
      ))}
      {markers.more && (
        <More
          key={markers.features.length}
          left={total - markers.features.length}
          more={markers.more}
        />
      )}
      <Unplaced items={unplaced} total={unplaced.length + lostMore} first={items.length === 0} />
      <AddLink layer="markers" />
      <ExportBox data={data} box={box} />
    </section>
  );
}
