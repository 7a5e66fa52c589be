/** On paper the map stands as the screen drew it, shrunk to the sheet: nothing is drawn anew. */
import { useEffect, useRef } from "preact/hooks";
import type { Inset } from "../../map/types";

const ROOM = { width: 670, height: 435 }; // px of an A4 sheet that leave room for the legend
const LARGEST = 1.25; // times; signs and names would be coarse beyond
const NAMES = ["width", "height", "shown-width", "shown-height", "covered", "scale"] as const;

type Measures = Record<(typeof NAMES)[number], string>;

/** How a map of a size, of which something covers a part, is laid on the sheet. */
export function onPaper(width: number, height: number, { top, bottom }: Inset): Measures {
  const seen = Math.max(1, height - top - bottom);
  const scale = Math.min(LARGEST, ROOM.width / Math.max(1, width), ROOM.height / seen);
  return {
    width: `${width}px`,
    height: `${height}px`,
    "shown-width": `${width * scale}px`,
    "shown-height": `${seen * scale}px`,
    covered: `${top}px`,
    scale: String(scale),
  };
}

function lay(covered: Inset): void {
  const map = document.querySelector(".stage .map-canvas");
  if (!map) return;
  const measures = onPaper(map.clientWidth, map.clientHeight, covered);
  for (const name of NAMES)
    document.documentElement.style.setProperty(`--paper-map-${name}`, measures[name]);
}

function clear(): void {
  for (const name of NAMES) document.documentElement.style.removeProperty(`--paper-map-${name}`);
}

export function usePaperMap(covered: Inset): void {
  const latest = useRef(covered);
  latest.current = covered;
  useEffect(() => {
    const before = () => lay(latest.current);
    addEventListener("beforeprint", before);
    addEventListener("afterprint", clear);
    return () => {
      removeEventListener("beforeprint", before);
      removeEventListener("afterprint", clear);
      clear();
    };
  }, []);
}
