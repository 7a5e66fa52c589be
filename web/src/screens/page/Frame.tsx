/** What stands around a page: the rail on a desk, the bar at the bottom of a phone. */
import type { ComponentChildren } from "preact";
import { useWide } from "../../ui/useWide";
import { BottomBar } from "../map/BottomBar";
import { Rail } from "../map/Rail";
import "../map/map-screen.css";

export function Frame({ children }: { children: ComponentChildren }) {
  const wide = useWide();
  return (
    <div class="screen page-screen">
      {wide && <Rail />}
      <div class="page-scroll">{children}</div>
      {!wide && <BottomBar />}
    </div>
  );
}
