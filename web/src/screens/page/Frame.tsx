/** What stands around a page: the rail on a desk, the bar at the bottom of a phone. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { path } from "../../router";
import { useWide } from "../../ui/useWide";
import { BottomBar } from "../map/BottomBar";
import { Rail } from "../map/Rail";
import { PaperFoot, PaperHead } from "./Paper";
import "../map/map-screen.css";
import "./page.css";
import "./print.css";

const places = new Map<string, number>(); // where a list was left, px from its top
const FRAMES = 30; // at most, until a list is long enough again to go back to its place

function goBackTo(element: HTMLElement, top: number, frames = FRAMES): void {
  element.scrollTop = top;
  if (element.scrollTop >= top || frames === 0) return;
  requestAnimationFrame(() => goBackTo(element, top, frames - 1));
}

interface Props {
  keepsPlace?: boolean; // a list is found again where it was left
  children: ComponentChildren;
}

export function Frame({ keepsPlace = false, children }: Props) {
  const wide = useWide();
  const scroller = useRef<HTMLDivElement>(null);
  const address = path.value;
  useEffect(() => {
    const element = scroller.current;
    if (element) goBackTo(element, keepsPlace ? (places.get(address) ?? 0) : 0);
  }, [address, keepsPlace]);
  return (
    <div class="screen page-screen">
      {wide && <Rail />}
      <div
        class="page-scroll"
        ref={scroller}
        onScroll={(event) => keepsPlace && places.set(address, event.currentTarget.scrollTop)}
      >
        <PaperHead />
        {children}
        <PaperFoot />
      </div>
      {!wide && <BottomBar />}
    </div>
  );
}
