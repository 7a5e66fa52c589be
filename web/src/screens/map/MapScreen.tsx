/** The one screen of map, panel and drawer; on a phone, of map, sheet and bar. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { BBox, Feature } from "../../api/types";
import { itemUrl } from "../../api/urls";
import { t } from "../../i18n";
import { MapView } from "../../map/MapView";
import type { TileState } from "../../map/tiles";
import type { FeatureRef, Inset, View } from "../../map/types";
import { LAYER_OF, ROLE_OF, type Seen, useMapData } from "../../state/data";
import { type Resource, useResource } from "../../state/resource";
import {
  asked,
  foldPanel,
  panel,
  select,
  selection,
  setView,
  sheet,
  shownDate,
  shownLayers,
  view,
} from "../../state/screen";
import { Icon } from "../../ui/Icon";
import { useWide } from "../../ui/useWide";
import { PaperFoot, PaperHead } from "../page/Paper";
import { Drawer } from "./Drawer";
import { IslandsInset } from "./IslandsInset";
import { MapFoot } from "./MapFoot";
import { MapStatus } from "./MapStatus";
import "./map-screen.css";
import "./panels.css";
import "./print.css";
import { BottomBar } from "./BottomBar";
import { PANEL_TITLES, PanelBody } from "./PanelBody";
import { PaperTitle } from "./PaperTitle";
import { Rail } from "./Rail";
import { SearchBox } from "./SearchBox";
import { SheetFrame } from "./SheetFrame";
import { useFit } from "./useFit";
import { skipToList, useKeys } from "./useKeys";
import { usePaperMap } from "./usePaperMap";
import { useProvinceShape } from "./useProvinceShape";

function selectedRef(): FeatureRef | null {
  const chosen = selection.value;
  const role = chosen && ROLE_OF[chosen.layer];
  return chosen && role ? { role, id: chosen.id } : null;
}

/** The selected row, for the drawer and for the map, which may not hold it. */
function useChosen(): Resource<Feature> {
  const chosen = selection.value;
  const url = chosen && itemUrl(chosen.layer, chosen.id, { datetime: asked.value.date });
  const found = useResource<Feature>(url);
  return found.data?.id === chosen?.id ? found : { ...found, data: null };
}

const QUIET: TileState = { loading: false, error: null };

function useTileState() {
  const [state, told] = useState(QUIET);
  const [round, setRound] = useState(0);
  return { ...state, at: null, reload: () => setRound(round + 1), round, told };
}

const FOOT = 72; // px of what stands at the foot of a desk's map
const PEEK = 220; // px of sheet, bar and map foot at the bottom of a phone
const SEARCH = 64; // px of the search box over a phone's map
const WHOLE: Inset = { top: 0, bottom: 0 };
const CORNER = 60; // px beside which the inset of the islands stands

function insetOf(wide: boolean): Inset {
  if (wide) return { top: 0, bottom: FOOT };
  const bottom = sheet.value === "peek" ? PEEK : Math.round(innerHeight * 0.6);
  return { top: SEARCH, bottom, left: CORNER };
}

function Unfold() {
  return (
    <button
      type="button"
      class="button icon unfold"
      aria-label={t("panel.open")}
      onClick={() => foldPanel(false)}
    >
      <Icon name="forward" />
    </button>
  );
}

export function MapScreen() {
  const wide = useWide();
  const [seen, setSeen] = useState<Seen | null>(null);
  const [islands, setIslands] = useState<string[]>([]);
  const data = useMapData(seen);
  const chosen = useChosen();
  const tiles = useTileState();
  const focus = useProvinceShape();
  const { fit, show } = useFit();
  const inset = insetOf(wide);
  useKeys();
  usePaperMap(wide ? WHOLE : inset);
  useEffect(() => {
    const name = panel.value && PANEL_TITLES[panel.value];
    document.title = name ? `${t(name)} · ${t("app.name")}` : t("app.name");
  });
  const moved = (at: View, bbox: BBox, byUser: boolean) => {
    setSeen({ box: bbox, zoom: at.zoom });
    if (byUser) setView(at);
  };
  const choose = (ref: FeatureRef | null) =>
    select(ref && { layer: LAYER_OF[ref.role] ?? ref.role, id: ref.id });
  const body = <PanelBody data={data} box={seen?.box ?? null} show={show} />;
  const drawer = selection.value && (
    <Drawer key={selection.value.id} chosen={selection.value} found={chosen} />
  );
  return (
    <div class={wide ? "screen wide" : `screen phone sheet-${sheet.value}`}>
      <PaperHead />
      <PaperTitle />
      <button type="button" class="skip-link" onClick={skipToList}>
        {t("app.skip")}
      </button>
      {wide && <Rail />}
      {wide && panel.value && <aside class="panel">{body}</aside>}
      <main class="stage">
        <MapView
          overlays={useMemo(() => ({ ...data.overlays, focus }), [data.overlays, focus])}
          label={t("map.label")}
          view={view.value}
          fit={fit}
          selected={selectedRef()}
          chosen={chosen.data}
          tiles={data.markers.tiles}
          reload={tiles.round}
          onTiles={tiles.told}
          onSelect={choose}
          onMove={moved}
          onIslands={setIslands}
          inset={inset}
          date={shownDate.value}
          provinces={shownLayers.value.has("admin_units")}
        />
        {!wide && <SearchBox show={show} floating />}
        <MapStatus data={data} tiles={tiles} />
        {wide && !panel.value && <Unfold />}
        <div class="map-corner">
          <IslandsInset islands={data.all.islands ?? []} named={islands} />
          <MapFoot />
        </div>
      </main>
      {wide && drawer && <aside class="drawer">{drawer}</aside>}
      {!wide && <SheetFrame>{drawer ?? body}</SheetFrame>}
      {!wide && <BottomBar />}
      <PaperFoot />
    </div>
  );
}
