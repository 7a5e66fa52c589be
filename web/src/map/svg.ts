/** The same signs as DOM elements, for the map. */
import type { Part } from "./signs";

const NS = "http://www.w3.org/2000/svg";

export interface Placed {
  parts: Part[];
  dx: number; // px from the anchor
  dy: number;
  opacity?: number;
  scale?: number;
}

function pathElement(part: Part): SVGPathElement {
  const path = document.createElementNS(NS, "path");
  path.setAttribute("d", part.d);
  path.setAttribute("fill", part.fill ?? "none");
  if (part.stroke) path.setAttribute("stroke", part.stroke);
  if (part.width) path.setAttribute("stroke-width", String(part.width));
  if (part.dash) path.setAttribute("stroke-dasharray", part.dash);
  if (part.opacity !== undefined) path.setAttribute("opacity", String(part.opacity));
  return path;
}

function group(placed: Placed): SVGGElement {
  const g = document.createElementNS(NS, "g");
  g.setAttribute("transform", `translate(${placed.dx} ${placed.dy}) scale(${placed.scale ?? 1})`);
  if (placed.opacity !== undefined) g.setAttribute("opacity", String(placed.opacity));
  g.append(...placed.parts.map(pathElement));
  return g;
}

/** A picture that draws around its own (0, 0) without clipping. */
export function picture(signs: Placed[], opacity = 1): SVGSVGElement {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("width", "1");
  svg.setAttribute("height", "1");
  svg.setAttribute("overflow", "visible");
  svg.setAttribute("aria-hidden", "true");
  if (opacity < 1) svg.setAttribute("opacity", String(opacity));
  svg.append(...signs.map(group));
  return svg;
}

export function element(tag: string, className: string, text?: string): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}
