/** The open panel; legend and list are two faces of the map's own. */
import type { ComponentChildren } from "preact";
import type { BBox, Counts } from "../../api/types";
import { type Key, t } from "../../i18n";
import { number } from "../../i18n/format";
import type { MapData } from "../../state/data";
import { bothOf } from "../../state/markers";
import { foldPanel, type Panel, panel, panelHref } from "../../state/screen";
import { Icon } from "../../ui/Icon";
import { Loaded } from "../../ui/States";
import { useWide } from "../../ui/useWide";
import { Both } from "./Both";
import { CooperationPanel } from "./CooperationPanel";
import { CorridorPanel } from "./CorridorPanel";
import { Filters } from "./Filters";
import { LegendPanel } from "./LegendPanel";
import { ListPanel } from "./ListPanel";
import { ProgressHead, ProgressPanel } from "./ProgressPanel";
import { ProjectsPanel } from "./ProjectsPanel";
import { SearchBox } from "./SearchBox";
import type { Show } from "./useFit";

export interface PanelProps {
  data: MapData;
  box: BBox | null;
  show: Show;
}

function Tab({ of, children }: { of: Panel; children: ComponentChildren }) {
  return (
    <a class="tab" href={panelHref(of)} aria-current={panel.value === of ? "true" : undefined}>
      {children}
    </a>
  );
}

function MapTabs() {
  return (
    <div class="tabs screen-only">
      <Tab of="legend">{t("legend.title")}</Tab>
      <Tab of="list">{t("list.title")}</Tab>
    </div>
  );
}

/** Titles of the panels that have one; legend and list are the map itself. */
export const PANEL_TITLES: Partial<Record<Panel, Key>> = {
  progress: "progress.title",
  corridor: "corridor.title",
  projects: "projects.title",
  cooperation: "cooperation.title",
};

function Head() {
  const title = panel.value && PANEL_TITLES[panel.value];
  return (
    <header class="panel-head">
      {title ? <h1 class="panel-title screen-only">{t(title)}</h1> : <MapTabs />}
      <button
        type="button"
        class="button plain icon wide-only"
        aria-label={t("panel.fold")}
        onClick={() => foldPanel(true)}
      >
        <Icon name="back" />
      </button>
    </header>
  );
}

const BODIES: Record<Panel, (props: PanelProps) => ComponentChildren> = {
  legend: (props) => <LegendPanel {...props} />,
  list: (props) => <ListPanel {...props} />,
  progress: () => <ProgressPanel />,
  corridor: (props) => <CorridorPanel {...props} />,
  projects: (props) => <ProjectsPanel {...props} />,
  cooperation: () => <CooperationPanel />,
};

function MarkerTotals({ counts, unplaced }: { counts: Counts; unplaced: number }) {
  return (
    <>
      <Both {...bothOf(counts)} />
      {unplaced > 0 && <p class="tiny soft">{t("count.unplaced", { n: number(unplaced) })}</p>}
    </>
  );
}

/** How much of the register the filters leave. */
function Totals({ data }: { data: MapData }) {
  const { counts, unplaced } = data.markers;
  const lost = unplaced.data?.numberMatched ?? 0;
  return <Loaded of={counts}>{(found) => <MarkerTotals counts={found} unplaced={lost} />}</Loaded>;
}

export function PanelBody(props: PanelProps) {
  const wide = useWide();
  const open = panel.value ?? "legend";
  return (
    <div data-testid={open === "progress" ? "progress-panel" : undefined}>
      {wide && <SearchBox show={props.show} />}
      <Head />
      {(open === "legend" || open === "list") && <Totals data={props.data} />}
      {open === "progress" && <ProgressHead />}
      {open !== "corridor" && <Filters show={props.show} />}
      {BODIES[open](props)}
    </div>
  );
}
