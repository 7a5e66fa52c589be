/** The small map around one marker, gate or project. */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { Feature } from "../../api/types";
import { lang, t } from "../../i18n";
import { useSurroundings } from "./context";
import { PageMap } from "./PageMap";
import { areaOf, borderOf, islandsOf, lineLegend, pointOf } from "./sketch/build";
import type { LegendEntry, SketchPoint } from "./sketch/model";
import { boxAround } from "./sketch/projection";

interface Props {
  of: Feature;
  shown?: Feature[]; // what is drawn; else `of` alone
  layer: "markers" | "gates" | "projects";
  name: string; // for the title of the map
  km: number; // of the map, to each side
  points: (features: Feature[], chosen: string) => SketchPoint[];
  legend: (features: Feature[]) => LegendEntry[];
  none?: ComponentChildren; // what stands there when the place is not known
}

export function PlaceMap({ of, shown, layer, name, km, points, legend, none = null }: Props) {
  const at = pointOf(of);
  const box = useMemo(() => at && boxAround(at, km), [at, km]);
  const around = useSurroundings(box);
  const drawn = useMemo(() => shown ?? [of], [shown, of]);
  const sketch = useMemo(() => {
    const lines = around.borders.map(borderOf);
    return {
      title: t("page.map.of", { name }),
      bbox: box ?? [0, 0, 0, 0],
      areas: around.units.map((unit) => areaOf(unit, "other")),
      lines,
      points: points(drawn, of.id),
      legend: [...legend(drawn), ...lineLegend(lines)],
      islands: islandsOf(around.islands),
    };
  }, [around, box, drawn, of, name, lang.value]);
  const overlays = useMemo(() => ({ ...around, [layer]: drawn }), [around, drawn, layer]);
  if (!box) return <>{none}</>;
  return <PageMap sketch={sketch} overlays={overlays} selected={{ role: layer, id: of.id }} />;
}
