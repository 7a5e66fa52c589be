/** The map itself: what lies under it, its controls, and what happens when it moves. */

/** Hoàng Sa and Trường Sa in a corner, for where the map does not show their names whole. */
function inset(map) {
  const box = document.getElementById("inset");
  const corner = L.control({ position: "bottomleft" });
  corner.onAdd = () => box;
  corner.addTo(map);
  box.setAttribute("aria-label", words.inset);
  for (const group of data.islands) {
    const part = element("div", "group");
    part.append(element("span", "islets", "∴"), element("span", "", group.name));
    if (group.province) part.append(element("span", "", `(${group.province})`));
    box.append(part);
  }
  return (named) => {
    box.hidden = data.islands.every((group) => named.has(group.statement));
  };
}

/** Put light edges, the lowest first, below all lines of a group; gives what keeps them there. */
function addCasings(group, looks) {
  const lines = group.getLayers();
  const shapes = group.toGeoJSON();
  const casings = looks.map((style) => L.geoJSON(shapes, { style, interactive: false }));
  casings.forEach((casing) => group.addLayer(casing));
  return () => [...casings, ...lines].forEach((layer) => layer.bringToFront());
}

const CASINGS = {
  corridors: [
    { color: "#0072b2", weight: 11, dashArray: "3 5", lineCap: "butt" }, // schematic
    { color: "#ffffff", weight: 8 },
  ],
  borders: [{ color: "#ffffff", weight: 6, opacity: 0.85 }],
};

function addLines(groups) {
  const lift = Object.entries(CASINGS).map(([name, looks]) => addCasings(groups[name], looks));
  return () => lift.forEach((one) => one());
}

function addSwitches(map, groups, changed) {
  for (const box of document.querySelectorAll("[data-switch]")) {
    const group = groups[box.dataset.switch];
    box.addEventListener("change", () => {
      if (box.checked) map.addLayer(group);
      else map.removeLayer(group);
      changed();
    });
  }
}

/** Cover what the base map knows nothing of, so that it does not look like sea. */
function addVeil(map) {
  const [w, s, e, n] = data.covered;
  const world = [[60, -30], [160, -30], [160, 60], [60, 60]];
  const known = [[w, s], [e, s], [e, 21.7], [112, 21.7], [112, n], [w, n]];
  const rings = [world, known].map((ring) => ring.map(latLng));
  L.polygon(rings, { stroke: false, fillColor: "#e6e6e2", fillOpacity: 1, pane: "ground" }).addTo(map);
}

function addControls(map) {
  L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
  L.control.attribution({ position: "bottomright", prefix: "Cột Mốc · Leaflet" }).addTo(map);
  map.getContainer().setAttribute("aria-label", words.map);
  if (innerWidth < PHONE) document.getElementById("legend").open = false;
}

function renewer(map, groups) {
  const drawers = {
    projects: projectDrawer(data.layers.projects),
    gates: gateDrawer(data.layers.gates),
    markers: markerDrawer(data.layers.markers),
  };
  const names = L.layerGroup().addTo(map);
  const drawn = new Map(); // what is on the map now, by layer and key
  return () => {
    const [zoom, view] = [map.getZoom(), map.getBounds().pad(0.1)];
    const wanted = new Map();
    for (const [layer, draw] of Object.entries(drawers)) {
      for (const one of draw(map, zoom, view)) wanted.set(`${layer} ${one.key}`, { layer, ...one });
    }
    for (const [key, { layer, made }] of drawn) {
      if (wanted.has(key)) continue;
      made.forEach((m) => groups[layer].removeLayer(m));
      drawn.delete(key);
    }
    for (const [key, { layer, make }] of wanted) {
      if (drawn.has(key)) continue;
      const made = make();
      made.forEach((m) => groups[layer].addLayer(m));
      drawn.set(key, { layer, made });
    }
    const has = (layer) => map.hasLayer(groups[layer]);
    const positions = has("markers") ? [...wanted.values()].flatMap((one) => one.names ?? []) : [];
    const signs = [...drawn.values()].flatMap(({ layer, made }) => (has(layer) ? made : []));
    return drawNames(map, names, wantedNames(zoom, positions, has), signs);
  };
}

/** Bring folium's map to life; `groups` are its layer groups by name. */
function start(map, groups) {
  addVeil(map);
  addControls(map);
  const stack = addLines(groups);
  const renew = renewer(map, groups);
  const place = inset(map);
  const settle = () => place(renew());
  addSwitches(map, groups, () => {
    stack();
    settle();
  });
  const [w, s, e, n] = data.view;
  const right = covered(map)[0] < PHONE ? 0 : map.getSize().x - covered(map)[0];
  const bounds = L.latLngBounds(latLng([w, s]), latLng([e, n]));
  map.fitBounds(bounds, { animate: false, paddingBottomRight: [right, 0] });
  stack();
  map.on("moveend", settle);
  document.getElementById("legend").addEventListener("toggle", settle);
  settle();
}

const cotmoc = { bind, start };
