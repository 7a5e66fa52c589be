/** A page's map: live on screen, drawn as a sketch on paper. */
import type { BBox } from "../../api/types";
import { MapView } from "../../map/MapView";
import type { FeatureRef, Overlays } from "../../map/types";
import { Legend } from "./sketch/Legend";
import type { Sketch } from "./sketch/model";
import { SketchMap } from "./sketch/SketchMap";

const PAPER_MM = 178; // width of the drawing on A4 with margins of 16 mm

interface Props {
  sketch: Sketch;
  overlays: Overlays;
  selected?: FeatureRef | null;
  onSelect?: (ref: FeatureRef | null) => void;
  height?: number; // px of the paper drawing, 680 wide
}

export function PageMap({ sketch, overlays, selected, onSelect, height = 440 }: Props) {
  const bbox: BBox = sketch.bbox;
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
        />
      </div>
      <div class="paper-only">
        <SketchMap sketch={sketch} width={680} height={height} printedMm={PAPER_MM} />
      </div>
      <Legend entries={sketch.legend} />
    </figure>
  );
}
