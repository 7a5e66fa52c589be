/** The map as our own object: give it overlays, a view and a selection; it tells what was hit. */
import type L from "leaflet";
import { canvas, layerGroup } from "leaflet";
import type { BBox, Feature, LonLat } from "../api/types";
import {
  bboxOfMap,
  createMap,
  fromLatLng,
  type MapOptions,
  toBounds,
  toLatLng,
  viewOfMap,
} from "./adapter";
import { Basemap } from "./basemap";
import { anchorOf } from "./geo";
import { type Group, MANY, type MarkerIndex, markerIndex } from "./groups";
import * as names from "./labels";
import { glow, lineLayer, wayLine } from "./lines";
import * as points from "./points";
import { pinSign, ringSign } from "./signs";
import { picture } from "./svg";
import { TilePoints, type TileState } from "./tiles";
import type { FeatureRef, Inset, MarkerTiles, Overlays, Role, View } from "./types";

export interface MapEvents {
  onSelect: (ref: FeatureRef | null) => void;
  onPick: (at: LonLat) => void;
  onMove: (view: View, bbox: BBox, byUser: boolean) => void;
  onIslands: (named: string[]) => void; // ids of the groups that bear their name on the map
  onTiles: (state: TileState) => void;
}

const NO_FEATURES: Feature[] = [];
const LINE_ROLES: Role[] = ["units", "focus", "borders", "corridor"];
const SLACK = { mouse: 4, touch: 16 }; // px added to a sign's reach
const PATIENCE = 1200; // ms to wait for a first view before showing what there is
const RING = 14; // px, least radius of the ring around what is selected
const PAD = 0.15; // share of the view drawn beyond its edges
const OPENED = { least: 1, most: 4 }; // zooms that a click on a cluster goes in by

function paddings(margin: number, { top, bottom, left = 0 }: Inset): L.FitBoundsOptions {
  return {
    paddingTopLeft: [margin + left, margin + top],
    paddingBottomRight: [margin, margin + bottom],
  };
}

export class MapHandle {
  private readonly map: L.Map;
  private readonly lines: L.Renderer;
  private readonly areas: L.Renderer;
  private readonly ground = new Basemap();
  private readonly layers = new Map<Role, L.LayerGroup>();
  private readonly signs = layerGroup();
  private readonly mark = layerGroup();
  private readonly pin = layerGroup();
  private picking = false; // a click chooses a place
  private overlays: Overlays = {};
  private readonly tiled: TilePoints;
  private tiles: MarkerTiles = { template: "", dense: false };
  private index: { of: unknown[]; within: MarkerIndex } = { of: [], within: () => [] };
  private chosen: Feature | null = null; // what is selected, where no overlay holds it
  private targets: points.Target[] = [];
  private selected: FeatureRef | null = null;
  private lineHit: FeatureRef | null = null;
  private land = true;
  private begun = false;
  private unseen = false; // the selected feature has not been brought into view yet
  private gone = false;
  private quiet = false; // a move of our own, not of the user
  private inset: Inset = { top: 0, bottom: 0 };
  private islands = ""; // ids of the named groups, as last told

  constructor(
    element: HTMLElement,
    options: MapOptions,
    private readonly events: MapEvents,
  ) {
    this.map = createMap(element, options);
    this.lines = canvas({ pane: "lines", tolerance: 10 });
    this.areas = canvas({ pane: "units" });
    this.tiled = new TilePoints("markers", {
      onPoints: () => this.redraw(),
      onState: (state) => this.events.onTiles(state),
    });
    this.mark.addTo(this.map);
    this.pin.addTo(this.map);
    this.signs.addTo(this.map);
    this.map.on("moveend", () => this.moved());
    this.map.on("click", (event) => this.clicked(event));
    this.map.on("mousemove", (event) => this.hover(event));
    setTimeout(() => this.silently(() => this.begin()), PATIENCE);
  }

  /** Fetch the base map once it is known what is to be seen of it. */
  private begin(): void {
    if (this.begun || this.gone) return;
    this.begun = true;
    this.moved();
    void this.ground
      .add(this.map, () => this.gone)
      .then((there) => {
        if (this.gone) return;
        this.land = !there;
        this.map.getContainer().classList.toggle("bare", !there);
        if (there) this.drawLines("units");
      });
  }

  setOverlays(next: Overlays): void {
    const old = this.overlays;
    this.overlays = next;
    for (const role of LINE_ROLES) if (old[role] !== next[role]) this.drawLines(role);
    this.redraw();
  }

  /** Draw the markers of these tiles, beside those of the overlays. */
  setTiles(tiles: MarkerTiles): void {
    this.tiles = tiles;
    if (this.begun) this.askTiles();
  }

  /** Ask once more for the tiles that did not come. */
  reloadTiles(): void {
    this.askTiles();
  }

  setView(view: View): void {
    const { center, zoom } = viewOfMap(this.map);
    const near = Math.hypot(center[0] - view.center[0], center[1] - view.center[1]) < 1e-4;
    if (near && Math.abs(zoom - view.zoom) < 0.01) return;
    this.silently(() => this.map.setView(toLatLng(view.center), view.zoom, { animate: false }));
    this.silently(() => this.begin());
  }

  /** What something else covers of the map from now on. */
  cover(inset: Inset): void {
    this.inset = inset;
  }

  fit(bbox: BBox): void {
    const options = { ...paddings(24, this.inset), maxZoom: 12, animate: false };
    this.silently(() => {
      this.map.fitBounds(toBounds(bbox), options);
      this.begin();
      this.reveal();
    });
  }

  /** `chosen` is the feature itself, for where the overlays do not hold it. */
  select(ref: FeatureRef | null, chosen: Feature | null): void {
    this.chosen = chosen;
    if (ref?.id !== this.selected?.id || ref?.role !== this.selected?.role)
      this.unseen = ref !== null;
    this.selected = ref;
    this.drawMark();
    if (this.unseen && this.featureOf(ref)) {
      this.unseen = false;
      this.silently(() => this.reveal());
    }
  }

  /** Show a place; while `choosing`, a click chooses another. A line leads there from `from`. */
  pick(at: LonLat | null, choosing: boolean, from: LonLat | null): void {
    this.picking = choosing;
    this.map.getContainer().classList.toggle("picking", choosing);
    this.pin.clearLayers();
    if (!at) return;
    if (from) this.pin.addLayer(this.way(from, at));
    const html = picture([{ parts: pinSign(), dx: 0, dy: 0 }]);
    this.pin.addLayer(points.toLayer({ at, html, targets: [] }, "top"));
    this.silently(() => this.map.panInside(toLatLng(at), paddings(60, this.inset)));
  }

  private way(from: LonLat, to: LonLat): L.LayerGroup {
    const html = picture([{ parts: ringSign(8), dx: 0, dy: 0 }]);
    const start = points.toLayer({ at: from, html, targets: [] }, "top");
    return layerGroup([wayLine(from, to), start]);
  }

  zoomBy(step: number): void {
    this.map.setZoom(this.map.getZoom() + step);
  }

  resize(): void {
    this.silently(() => {
      this.map.invalidateSize({ animate: false, pan: true });
      this.moved();
    });
  }

  paintGround(day: string, provinces: boolean): void {
    this.ground.paint({ day, provinces });
  }

  restyle(): void {
    this.ground.paint();
    for (const role of LINE_ROLES) this.drawLines(role);
    this.redraw();
  }

  /** The map speaks another language: its own name and the names on it. */
  rename(label: string): void {
    this.map.getContainer().setAttribute("aria-label", label);
    this.drawSigns();
  }

  destroy(): void {
    this.gone = true;
    this.tiled.destroy();
    this.map.remove();
  }

  private silently(act: () => void): void {
    this.quiet = true;
    act();
    this.quiet = false;
  }

  private featureOf(ref: FeatureRef | null): Feature | undefined {
    if (!ref) return undefined;
    const held = this.overlays[ref.role]?.find((f) => f.id === ref.id);
    return held ?? (this.chosen?.id === ref.id ? this.chosen : undefined);
  }

  /** Bring the selected point into what is not covered. */
  private reveal(): void {
    const feature = this.featureOf(this.selected);
    if (feature?.geometry?.type !== "Point") return;
    const options = { ...paddings(60, this.inset), animate: false };
    this.map.panInside(toLatLng(feature.geometry.coordinates), options);
  }

  private drawLines(role: Role): void {
    this.layers.get(role)?.remove();
    const renderer = role === "units" || role === "focus" ? this.areas : this.lines;
    const onHit = (hitRole: Role, id: string) => {
      this.lineHit = { role: hitRole, id };
    };
    const hooks = { land: this.land, renderer, onHit };
    this.layers.set(role, lineLayer(role, this.overlays[role] ?? [], hooks).addTo(this.map));
  }

  private askTiles(): void {
    this.tiled.ask(this.tiles.template, bboxOfMap(this.map, PAD), this.map.getZoom());
  }

  /** The markers at the present zoom, merged anew only where something has changed. */
  private markersWithin(bbox: BBox): ReturnType<MarkerIndex> {
    const held = this.overlays.markers ?? NO_FEATURES;
    const { features, gathered } = this.tiled.points;
    const dense = this.tiles.dense || held.length >= MANY;
    const of = [held, this.tiled.points, Math.floor(this.map.getZoom()), dense];
    if (of.some((one, i) => one !== this.index.of[i])) {
      const all = { features: [...held, ...features], gathered };
      this.index = { of, within: markerIndex(all, this.map.getZoom(), dense) };
    }
    return this.index.within(bbox);
  }

  private drawings(bbox: BBox, groups: Group[]): points.Drawing[] {
    const zoom = this.map.getZoom();
    const made: (points.Drawing | null)[] = [];
    for (const project of this.overlays.projects ?? [])
      made.push(points.drawProject(project, zoom));
    for (const gate of this.overlays.gates ?? []) made.push(points.drawGate(gate, zoom));
    let markers = 0;
    for (const one of this.markersWithin(bbox)) {
      markers += "group" in one ? one.group.markers.length : one.cluster.markers;
      if ("group" in one) groups.push(one.group);
      made.push(
        "group" in one ? points.drawGroup(one.group, zoom) : points.drawCluster(one.cluster),
      );
    }
    this.map.getContainer().dataset.markers = String(markers); // how many its signs stand for
    return made.filter((drawing) => drawing !== null);
  }

  private redraw(): void {
    this.drawSigns();
    this.drawMark();
  }

  private drawSigns(): void {
    const groups: Group[] = [];
    const drawings = this.drawings(bboxOfMap(this.map, PAD), groups);
    this.signs.clearLayers();
    this.targets = drawings.flatMap((drawing) => drawing.targets);
    for (const drawing of drawings) this.signs.addLayer(points.toLayer(drawing, "signs"));
    const all = this.allNames(groups);
    const fitting = names.placed(this.map, all, this.targets, this.inset);
    const placed = names.islandsTogether(fitting, all);
    for (const name of placed) this.signs.addLayer(names.nameLayer(name));
    this.tellIslands(placed);
  }

  private tellIslands(placed: names.Name[]): void {
    const ids = placed.flatMap(({ island }) => island ?? []).sort();
    if (ids.join() === this.islands) return;
    this.islands = ids.join();
    this.events.onIslands(ids);
  }

  private allNames(groups: Group[]): names.Name[] {
    const zoom = this.map.getZoom();
    return [
      ...names.islandNames(this.overlays.islands ?? []),
      ...names.groupNames(groups, zoom),
      ...names.gateNames(this.overlays.gates ?? [], zoom),
      ...names.unitNames(this.overlays.units ?? [], zoom),
      ...names.placeNames(this.overlays.places ?? [], zoom),
    ];
  }

  private drawMark(): void {
    this.mark.clearLayers();
    const feature = this.featureOf(this.selected);
    if (!feature?.geometry) return;
    if (feature.geometry.type !== "Point") {
      this.mark.addLayer(glow(feature, this.lines));
      return;
    }
    const target = this.targets.find((t) => t.ref?.id === feature.id);
    const at = target?.at ?? anchorOf(feature);
    if (!at) return;
    const own = target ? [] : points.hiddenSign(feature, this.selected?.role);
    const ring = Math.max(RING, 1.4 * (target?.reach ?? 0)); // outside the corners of a square
    const placed = { parts: [...own, ...ringSign(ring)], dx: target?.dx ?? 0, dy: 0 };
    this.mark.addLayer(points.toLayer({ at, html: picture([placed]), targets: [] }, "top"));
  }

  private moved(): void {
    if (!this.begun) return;
    this.askTiles();
    this.redraw();
    this.events.onMove(viewOfMap(this.map), bboxOfMap(this.map), !this.quiet);
  }

  private clicked(event: L.LeafletMouseEvent): void {
    if (this.picking) {
      this.events.onPick(fromLatLng(event.latlng));
      return;
    }
    const touch = (event.originalEvent as PointerEvent).pointerType === "touch";
    const slack = touch ? SLACK.touch : SLACK.mouse;
    const target = points.hit(this.map, this.targets, event.containerPoint, slack);
    const line = this.lineHit;
    this.lineHit = null;
    if (target?.cluster) this.open(target.cluster, target.at);
    else this.events.onSelect(target?.ref ?? line);
  }

  /** Go in until what a cluster stands for fills the map, or a few steps where that is unknown. */
  private open(bbox: BBox, at: LonLat): void {
    const zoom = this.map.getZoom();
    const fitting = this.map.getBoundsZoom(toBounds(bbox)) - 0.5;
    const to = Math.min(zoom + OPENED.most, Math.max(zoom + OPENED.least, fitting));
    this.map.setView(toLatLng(at), to);
  }

  private hover(event: L.LeafletMouseEvent): void {
    const target = points.hit(this.map, this.targets, event.containerPoint, SLACK.mouse);
    this.map.getContainer().classList.toggle("over-sign", target !== null);
  }
}
