/** Names on the map; where two would overlap, the more important one stays. */
function leastPopulation(zoom) {
  const steps = [[6, 1e6], [7, 3e5], [8, 8e4], [9, 3e4], [10, 1e4]];
  return (steps.find(([below]) => zoom < below) ?? [0, 0])[1];
}

function wantedNames(zoom, positions, has) {
  const names = [];
  const put = (text, at, kind, rank, dy) => names.push({ text, at, kind, rank, dy });
  const add = (text, lonLat, ...rest) => put(text, latLng(lonLat), ...rest);
  for (const group of data.islands) add(group.statement, group.at, "island", 0, 12);
  for (const [text, lon, lat, kind] of has("names") ? data.names : []) {
    const country = kind === "country";
    const plain = text.replace(/^(Tỉnh|Thành phố|Thủ đô)\s+/, "");
    if (country ? zoom <= 7 : zoom >= 7) add(plain, [lon, lat], kind, country ? 0 : 2, 0);
  }
  for (const [text, lon, lat, population] of has("names") ? data.places : []) {
    if (population < leastPopulation(zoom)) break; // the largest come first
    add(text, [lon, lat], "place", 3 - Math.min(0.9, population / 1e7), 9);
  }
  for (const gate of has("gates") ? data.layers.gates : []) {
    const great = ["international", "main"].includes(gate.properties.gate_class);
    if (!gate.geometry || zoom < (great ? 8 : 9.5)) continue;
    add(titleOf("gates", gate.properties), gate.geometry.coordinates, "gate", great ? 1.2 : 1.8, 17);
  }
  for (const group of zoom >= 8.5 ? positions : []) {
    const text = String(group[0].properties.number);
    const short = group.length > 1 ? text.replace(/\(\d+\)$/, "") : text;
    put(short, middleOf(group), "marker", 1, 20);
  }
  return names.sort((a, b) => a.rank - b.rank);
}

const ADVANCE = { country: 11, island: 7, unit: 7.5 }; // px for a letter, 6.6 for the others
const apart = (a, b) => a[0] >= b[2] || b[0] >= a[2] || a[1] >= b[3] || b[1] >= a[3];

/** What the legend covers of the map, px: left, top, right, bottom. */
function covered(map) {
  const [box, own] = [document.getElementById("legend"), map.getContainer()].map((node) =>
    node.getBoundingClientRect(),
  );
  return [box.left - own.left, box.top - own.top, box.right - own.left, box.bottom - own.top];
}

const REACH = 7; // px around the middle of a sign that names keep off
const CLUSTER_REACH = 18; // px

/** What a sign covers of the map, px. */
function coveredBy(map, sign) {
  const { iconSize, iconAnchor } = sign.options.icon.options;
  const p = map.latLngToContainerPoint(sign.getLatLng());
  const x = p.x + (iconAnchor ? iconSize[0] / 2 - iconAnchor[0] : 0);
  const reach = iconAnchor ? REACH : CLUSTER_REACH;
  return [x - reach, p.y - reach, x + reach, p.y + reach];
}

const EDGE = 40; // px beyond the screen where names are still laid out

/** Draw the names that fit, the important first; an island group's only whole. Gives their texts. */
function drawNames(map, layer, names, signs) {
  const size = map.getSize();
  const taken = [covered(map), ...signs.map((sign) => coveredBy(map, sign))];
  const shown = new Set();
  layer.clearLayers();
  for (const name of names) {
    const p = map.latLngToContainerPoint(name.at);
    const half = (name.text.length * (ADVANCE[name.kind] ?? 6.6)) / 2 + 3;
    const rect = [p.x - half, p.y + name.dy - 8, p.x + half, p.y + name.dy + 8];
    const cut = rect[0] < 0 || rect[1] < 0 || rect[2] > size.x || rect[3] > size.y;
    if (name.kind === "island" && cut) continue;
    if (apart(rect, [-EDGE, -EDGE, size.x + EDGE, size.y + EDGE])) continue;
    if (taken.some((other) => !apart(rect, other))) continue;
    taken.push(rect);
    shown.add(name.text);
    const html = element("span", `name ${name.kind}`, name.text);
    html.style.top = `${name.dy}px`;
    const look = { icon: L.divIcon({ html, className: "", iconSize: [0, 0] }), pane: "names" };
    L.marker(name.at, { ...look, interactive: false, keyboard: false }).addTo(layer);
  }
  return shown;
}
