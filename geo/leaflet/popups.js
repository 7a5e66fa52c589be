/** What a click on a sign or a line shows. */
function number(value, digits) {
  return value.toLocaleString(locale, { maximumFractionDigits: digits });
}

function shown(field, value) {
  if (field.labels) return field.labels[value] ?? String(value);
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (field.kind === "date" && data.lang === "vi") return value.split("-").reverse().join("/");
  if (field.kind === "real") return number(value, 3) + (field.unit ? ` ${field.unit}` : "");
  return String(value);
}

function titleOf(layer, p) {
  if (layer === "markers") return `${words.marker} ${p.number}`;
  return p[`name_${data.lang}`] ?? p.name_vi ?? p.name_en ?? "";
}

function coordinates([lon, lat]) {
  const degrees = (value) => number(value, 5);
  return data.lang === "vi"
    ? `${degrees(lat)}° B; ${degrees(lon)}° Đ`
    : `${degrees(lat)}° N, ${degrees(lon)}° E`;
}

function facts(layer, feature) {
  const list = element("dl");
  const add = (title, text) => list.append(element("dt", "", title), element("dd", "", text));
  for (const field of data.fields[layer]) {
    const value = feature.properties[field.name];
    const said = field.name === "number" || field.name === `name_${data.lang}`;
    if (value === undefined || (said && layer !== "markers") || field.name === "number") continue;
    add(field.title, shown(field, value));
  }
  if (feature.geometry?.type === "Point") add(words.coordinates, coordinates(feature.geometry.coordinates));
  return list;
}

const isIndicative = (feature) => feature.properties.position_quality === "indicative";

function card(layer, feature) {
  const box = element("article", "card");
  box.append(element("h2", "", titleOf(layer, feature.properties)));
  if (isIndicative(feature)) {
    const note = element("p", "indicative");
    note.append(element("strong", "", words.indicative), ` – ${words.indicative_means}`);
    box.append(note);
  }
  box.append(facts(layer, feature));
  return box;
}

const POPUP = { maxWidth: Math.min(340, innerWidth - 60), minWidth: 220, maxHeight: 380 }; // px
const CONTROLS = 66; // px that the controls take from the top of a phone

/** Show a feature's facts at a place; `dx` px beside it. The legend does not cover them. */
function open(map, layer, feature, at, dx = 0) {
  const left = covered(map)[0];
  const wide = left > POPUP.maxWidth;
  const options = {
    ...POPUP,
    offset: [dx, -6],
    autoPanPaddingTopLeft: [wide ? CONTROLS : 10, wide ? 10 : CONTROLS],
    autoPanPaddingBottomRight: [wide ? map.getSize().x - left : 10, 10],
  };
  L.popup(options).setLatLng(at).setContent(card(layer, feature)).openOn(map);
}

/** A line of the register answers a click with its facts; `i` is its place in the data. */
function bind(layer, i, line) {
  const feature = data.lines[layer]?.[i];
  if (!feature) return;
  line.on("click", (event) => {
    L.DomEvent.stop(event);
    open(event.target._map, layer, feature, event.latlng);
  });
}
