/** All partner provinces on one small map; a click opens one. The list says the same in words. */
import { useMemo } from "preact/hooks";
import type { Feature, FeatureCollection, PartnerSummary } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { useResource } from "../../state/resource";
import { useIslands } from "../page/context";
import { areaOf, borderOf, islandsOf, lineLegend } from "../page/sketch/build";
import { Legend } from "../page/sketch/Legend";
import type { Sketch, SketchArea } from "../page/sketch/model";
import { unionBoxes } from "../page/sketch/projection";
import { SketchMap } from "../page/sketch/SketchMap";
import { partnerHref } from "./PartnersScreen";
import { homeFaces } from "./summary";

const NONE: Feature[] = [];
const FIELDS = "name_vi,name_en,level"; // what the map needs of a unit

function useFeatures(url: string): Feature[] {
  return useResource<FeatureCollection>(url).data?.features ?? NONE;
}

function useUnits(partners: readonly PartnerSummary[]): Feature[] {
  const own = partners.map((partner) => partner.id);
  const facing = partners.flatMap((partner) => homeFaces(partner.faces).map((face) => face.id));
  const id = [...new Set([...own, ...facing])].sort().join(",");
  return useFeatures(itemsUrl("admin_units", { id, properties: FIELDS }));
}

function areas(units: Feature[], partners: readonly PartnerSummary[]): SketchArea[] {
  const byId = new Map(partners.map((partner) => [partner.id, partner]));
  return units.map((unit) => {
    const partner = byId.get(unit.id);
    const area = areaOf(unit, partner ? "subject" : "facing");
    return partner ? { ...area, onOpen: () => navigate(partnerHref(partner.code)) } : area;
  });
}

export function OverviewMap({ partners }: { partners: PartnerSummary[] }) {
  const units = useUnits(partners);
  const borders = useFeatures(itemsUrl("borders", { level: "line" }));
  const islands = useIslands();
  const sketch = useMemo((): Sketch => {
    const lines = borders.map(borderOf);
    return {
      title: t("partner.overview"),
      bbox: unionBoxes(partners.map((partner) => partner.bbox)) ?? [100, 8, 110, 24],
      areas: areas(units, partners),
      lines,
      points: [],
      legend: lineLegend(lines),
      islands: islandsOf(islands),
    };
  }, [units, borders, islands, partners]);
  return (
    <figure class="page-map">
      <SketchMap sketch={sketch} width={560} height={760} />
      <Legend entries={sketch.legend} />
    </figure>
  );
}
