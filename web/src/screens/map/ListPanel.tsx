/** What the map shows, as a list for keyboard and screen reader, in step with view and filters. */
import { useRef, useState } from "preact/hooks";
import type { BBox, Feature } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { label, layerTitle, named } from "../../i18n/words";
import { anchorOf, contains } from "../../map/geo";
import { Sign } from "../../map/Sign";
import { gateSign, markerSign, type Part, projectSign } from "../../map/signs";
import { facetted, type MapData } from "../../state/data";
import { select, selection, shownLayers } from "../../state/screen";
import { Empty } from "../../ui/States";
import { ExportBox } from "./ExportBox";
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

export function titleOf(layer: string, feature: Feature): string {
  const { number: no } = feature.properties;
  const name = named(feature.properties);
  if (layer === "markers")
    return [t("marker.title", { no: String(no) }), name].filter(Boolean).join(" · ");
  return name || feature.id;
}

function subtitleOf({ layer, feature }: Item): string {
  const p = feature.properties as Record<string, string | null>;
  const parts: Record<Listed, (string | null | undefined)[]> = {
    markers: [label("stage", p.stage), label("condition", p.condition), p.province],
    gates: [label("gate_class", p.gate_class), p.province],
    projects: [label("finance_kind", p.finance_kind), p.province],
    corridors: [named(p, "corridor_name"), p.road],
  };
  return parts[layer].filter(Boolean).join(" · ");
}

function signOf({ layer, feature }: Item): Part[] {
  const p = feature.properties as Record<string, string | null>;
  if (layer === "markers") return markerSign(p.stage ?? "", p.condition ?? "unknown");
  if (layer === "gates") return gateSign(p.gate_class ?? "unknown");
  if (layer === "projects") return projectSign(p.finance_kind ?? "unknown", null);
  return [{ d: "M-11 0H11", stroke: "var(--corridor)", width: 4 }];
}

function Row({ item, tab }: { item: Item; tab: boolean }) {
  const key = `${item.layer}/${item.feature.id}`;
  const { layer, feature } = item;
  const current = selection.value?.layer === layer && selection.value.id === feature.id;
  return (
    <li>
      <button
        type="button"
        class="list-row"
        tabIndex={tab ? 0 : -1}
        data-row={key}
        aria-current={current ? "true" : undefined}
        onClick={() => select({ layer, id: feature.id })}
      >
        <Sign parts={signOf(item)} size={30} />
        <span>
          <span class="list-title">{titleOf(layer, feature)}</span>
          <span class="small soft">{subtitleOf(item)}</span>
        </span>
      </button>
    </li>
  );
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
