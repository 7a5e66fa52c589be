/** A page's map: live on screen, drawn as a sketch on paper. */
import { useState } from "preact/hooks";
import type { BBox, Feature } from "../../api/types";
import { MapView } from "../../map/MapView";
import type { FeatureRef, Overlays } from "../../map/types";
import { IslandsInset } from "../map/IslandsInset";
import { Legend } from "./sketch/Legend";
import type { Sketch } from "./sketch/model";
import { SketchMap } from "./sketch/SketchMap";

const PAPER_MM = 178; // width of the drawing on A4 with margins of 16 mm

const NO_ISLANDS: Feature[] = [];

interface Props {
  sketch: Sketch;
  overlays: Overlays;
  selected?: FeatureRef | null;
  onSelect?: (ref: FeatureRef | null) => void;
  height?: number; // px of the paper drawing, 680 wide
}

export function PageMap({ sketch, overlays, selected, onSelect, height = 340 }: Props) {
  const bbox: BBox = sketch.bbox;
  const [named, setNamed] = useState<string[]>([]);
  const islands: Feature[] = overlays.islands ?? NO_ISLANDS;
  return (
    <figure class="page-map">
      <div class="screen-only page-map-live">
        <MapView
          small
          label={sketch.title}
          overlays={overlays}
          fit={{ bbox, key: bbox.join() }}
          selected={selected}
          onSelect={onSelect}
          onIslands={setNamed}
        />
      </div>
      <div class="paper-only">
        <SketchMap sketch={sketch} width={680} height={height} printedMm={PAPER_MM} />
      </div>
      <div class="page-map-foot">
        <Legend entries={sketch.legend} />
        <div class="screen-only">
          <IslandsInset islands={islands} named={named} />
        </div>
      </div>
    </figure>
  );
}
