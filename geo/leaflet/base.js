"use strict";

/**
 * What the files of the offline map share. They are put into one script: base, popups, signs,
 * names, map. What was typed by somebody is shown as text, never as HTML. Coordinates in the data
 * are lon, lat; they are flipped in `latLng` alone.
 */
const data = JSON.parse(document.getElementById("cotmoc-data").textContent);
const words = data.words;
const locale = data.lang === "vi" ? "vi-VN" : "en-GB";
const FAN_ZOOM = 10; // from here on the markers of a position are fanned out
const GATE_ZOOM = 7; // below it only international gates are drawn, and smaller
const MANY = 500; // markers from which on positions merge further
const METRES_PER_PX = 156543.034; // at zoom 0 on the equator, Web Mercator
const ABOVE = { projects: -4000, gates: 0, markers: 4000 }; // who lies above whom
const PHONE = 700; // px of width below which the legend starts closed
const RING = "var(--sign-ring)";

const latLng = ([lon, lat]) => L.latLng(lat, lon);

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}
