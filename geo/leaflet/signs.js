/** Signs for the present view: positions with their markers, clusters, gates, projects. */
const placeOf = (feature) => latLng(feature.geometry.coordinates);

/** Where a position's markers are drawn, side by side. */
function middleOf(group) {
  const sum = (i) => group.reduce((total, m) => total + m.geometry.coordinates[i], 0);
  return latLng([sum(0) / group.length, sum(1) / group.length]);
}

function picture(name, scale = 1) {
  const turn = scale === 1 ? "" : ` transform="scale(${scale})"`;
  return `<svg width="1" height="1" overflow="visible"><use href="#${name}"${turn}/></svg>`;
}

/** An icon of `size` px whose middle stands `dx` px beside its point. */
function icon(html, dx, size, className) {
  const anchor = [size / 2 - dx, size / 2];
  return L.divIcon({ html, className, iconSize: [size, size], iconAnchor: anchor });
}

/** A sign answers a click, and the keys that press a button. */
function answer(made, act) {
  made.on("click", act);
  made.on("keydown", ({ originalEvent }) => {
    if (originalEvent.key === "Enter" || originalEvent.key === " ") act();
  });
}

function sign(map, layer, feature, { at = placeOf(feature), dx = 0, scale = 1, size = 24 } = {}) {
  const className = `sign${isIndicative(feature) ? " faint" : ""}`;
  const title = titleOf(layer, feature.properties);
  const made = L.marker(at, {
    icon: icon(picture(feature.sign, scale), dx, size, className),
    title: isIndicative(feature) ? `${title} (${words.indicative})` : title,
    zIndexOffset: ABOVE[layer],
  });
  answer(made, () => open(map, layer, feature, at, dx));
  made.on("add", () => made.getElement().setAttribute("data-id", feature.id));
  return made;
}

/** The bar that joins twins and, around positions for orientation only, the dotted ring. */
function frame(group, at, width) {
  const r = 12;
  const h = width / 2;
  const ring = `M${-h} ${-r}H${h}A${r} ${r} 0 0 1 ${h} ${r}H${-h}A${r} ${r} 0 0 1 ${-h} ${-r}Z`;
  const path = (d, w, dash) =>
    `<path d="${d}" fill="none" stroke="${RING}" stroke-width="${w}" stroke-dasharray="${dash}"/>`;
  const dotted = group.every(isIndicative) ? path(ring, 1.4, "1.2 3") : "";
  const bar = width ? path(`M${-h} 0H${h}`, 3, "none") : "";
  if (!dotted && !bar) return null;
  const html = `<svg width="1" height="1" overflow="visible">${dotted}${bar}</svg>`;
  const look = { icon: icon(html, 0, 24, "sign faint"), interactive: false, keyboard: false };
  return L.marker(at, { ...look, zIndexOffset: 3000 });
}

function groupSigns(map, group, zoom) {
  const step = zoom >= FAN_ZOOM ? 26 : 15; // px between the signs of one position
  const width = step * (group.length - 1);
  const at = middleOf(group);
  const place = (i) => ({ at, dx: i * step - width / 2 });
  const signs = group.map((marker, i) => sign(map, "markers", marker, place(i)));
  return [frame(group, at, width), ...signs].filter(Boolean);
}

function clusterSign(map, groups) {
  const markers = groups.flat();
  const box = element("div", "cluster");
  box.append(element("span", "", number(markers.length, 0)));
  const strip = element("i");
  for (const [condition, colour] of data.conditions) {
    const piece = element("b");
    const n = markers.filter((m) => (m.properties.condition ?? "unknown") === condition).length;
    piece.style.cssText = `flex-grow:${n};background:${colour}`;
    if (n) strip.append(piece);
  }
  box.append(strip);
  const bounds = L.latLngBounds(markers.map((m) => placeOf(m)));
  const made = L.marker(bounds.getCenter(), {
    icon: L.divIcon({ html: box, className: "sign", iconSize: [44, 34] }),
    title: `${markers.length} ${words.markers}`,
    zIndexOffset: ABOVE.markers,
  });
  answer(made, () => map.flyToBounds(bounds.pad(0.3), { maxZoom: 13, duration: 0.4 }));
  return made;
}

// Markers gathered by position, and positions by place

function byPosition(markers) {
  const found = new Map();
  for (const marker of markers) {
    if (!marker.geometry) continue;
    const id = marker.properties.position_id ?? marker.id;
    if (found.has(id)) found.get(id).push(marker);
    else found.set(id, [marker]);
  }
  return [...found.values()];
}

/** Lists of positions that stand within `radius` px of the first of them. */
function gathered(map, groups, zoom, radius) {
  const heaps = [];
  const cells = new Map();
  const cell = (x, y) => `${x},${y}`;
  for (const group of groups) {
    const at = map.project(placeOf(group[0]), zoom);
    const [x, y] = [Math.floor(at.x / radius), Math.floor(at.y / radius)];
    const near = [-1, 0, 1].flatMap((i) => [-1, 0, 1].flatMap((j) => cells.get(cell(x + i, y + j)) ?? []));
    const heap = near.find((one) => one.at.distanceTo(at) < radius);
    if (heap) {
      heap.groups.push(group);
      continue;
    }
    const made = { at, groups: [group] };
    heaps.push(made);
    cells.set(cell(x, y), [...(cells.get(cell(x, y)) ?? []), made]);
  }
  return heaps.map((heap) => heap.groups);
}

function markerDrawer(markers) {
  const groups = byPosition(markers);
  const { radius, last } = markers.length < MANY ? { radius: 34, last: 9 } : { radius: 56, last: 12 };
  const kept = new Map(); // heaps by zoom
  return (map, zoom, view) => {
    if (!kept.has(zoom)) {
      const heaps = zoom <= last ? gathered(map, groups, zoom, radius) : groups.map((g) => [g]);
      kept.set(zoom, heaps);
    }
    return kept.get(zoom).flatMap((heap) => {
      if (!heap.flat().some((m) => view.contains(placeOf(m)))) return [];
      const key = `${heap[0][0].id} ${heap.length} ${zoom}`;
      const make = () => (heap.length > 1 ? [clusterSign(map, heap)] : groupSigns(map, heap[0], zoom));
      return [{ key, make, names: heap.length > 1 ? [] : heap }];
    });
  };
}

function gateDrawer(gates) {
  return (map, zoom, view) =>
    gates.flatMap((gate) => {
      const far = zoom < GATE_ZOOM;
      if (!gate.geometry || !view.contains(placeOf(gate))) return [];
      if (far && gate.properties.gate_class !== "international") return [];
      const make = () => [sign(map, "gates", gate, { scale: far ? 0.62 : 1 })];
      return [{ key: `${gate.id} ${far}`, make }];
    });
}

/** How much a hatched area of 16 px grows to cover what its uncertainty says, 0.6 to 4. */
function areaScale(project, zoom) {
  const metres = Number(project.properties.position_uncertainty_m ?? 0);
  const turn = (project.geometry.coordinates[1] * Math.PI) / 180;
  const px = metres / ((METRES_PER_PX * Math.cos(turn)) / 2 ** zoom);
  return Math.min(4, Math.max(zoom < GATE_ZOOM ? 0.6 : 1, px / 16));
}

function projectDrawer(projects) {
  return (map, zoom, view) =>
    projects.flatMap((project) => {
      if (!project.geometry || !view.contains(placeOf(project))) return [];
      const area = project.sign.startsWith("a-");
      const scale = area ? areaScale(project, zoom) : 1;
      const size = area ? Math.min(48, 32 * scale) : 24;
      const make = () => [sign(map, "projects", project, { scale, size })];
      return [{ key: `${project.id} ${scale}`, make }];
    });
}
