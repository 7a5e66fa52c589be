/** The map as a component. It never fetches: what it draws comes in as overlays. */
import { useEffect, useRef } from "preact/hooks";
import { lang, t } from "../i18n";
import { theme } from "../theme/theme";
import { MapHandle } from "./handle";
import "./map.css";
import type { Inset, MapViewProps } from "./types";

const NO_INSET: Inset = { top: 0, bottom: 0 };

export function MapView(props: MapViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const handle = useRef<MapHandle | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { overlays, view, fit, selected, label, small = false, inset = NO_INSET } = props;

  useEffect(() => {
    const element = box.current as HTMLDivElement;
    const made = new MapHandle(
      element,
      { label, small },
      {
        onSelect: (ref) => latest.current.onSelect?.(ref),
        onPick: (at) => latest.current.onPick?.(at),
        onMove: (...move) => latest.current.onMove?.(...move),
        onIslands: (ids) => latest.current.onIslands?.(ids),
        onTiles: (state) => latest.current.onTiles?.(state),
      },
    );
    handle.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, []);

  useEffect(() => handle.current?.cover(inset), [inset.top, inset.bottom, inset.left]);
  useEffect(() => handle.current?.setOverlays(overlays), [overlays]);
  const { tiles, reload, chosen = null } = props;
  useEffect(() => {
    if (tiles) handle.current?.setTiles(tiles);
  }, [tiles?.template, tiles?.dense]);
  useEffect(() => {
    if (reload) handle.current?.reloadTiles();
  }, [reload]);
  useEffect(() => {
    if (fit) handle.current?.fit(fit.bbox);
  }, [fit?.key]);
  const viewKey = view && [...view.center, view.zoom].join();
  useEffect(() => {
    if (view) handle.current?.setView(view);
  }, [viewKey]);
  useEffect(() => {
    handle.current?.select(selected ?? null, chosen);
  }, [selected?.role, selected?.id, overlays, chosen]);
  const { pin = null, pinFrom = null, onPick } = props;
  useEffect(
    () => handle.current?.pick(pin, onPick !== undefined, pinFrom),
    [pin?.join(), pinFrom?.join(), !onPick],
  );
  const { date = "9999", provinces = true } = props;
  useEffect(() => handle.current?.paintGround(date, provinces), [date, provinces]);
  useEffect(() => handle.current?.rename(label), [label, lang.value]);
  const colours = theme.value;
  useEffect(() => handle.current?.restyle(), [colours]);

  return (
    <div class={small ? "map small" : "map"}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the map pans and zooms by keyboard */}
      <div class="map-canvas" ref={box} tabIndex={0} />
      <div class="map-zoom">
        <button type="button" class="button icon" onClick={() => handle.current?.zoomBy(1)}>
          <span aria-hidden="true">+</span>
          <span class="visually-hidden">{t("map.zoom_in")}</span>
        </button>
        <button type="button" class="button icon" onClick={() => handle.current?.zoomBy(-1)}>
          <span aria-hidden="true">−</span>
          <span class="visually-hidden">{t("map.zoom_out")}</span>
        </button>
      </div>
    </div>
  );
}
