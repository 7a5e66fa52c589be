/** All partner provinces on one small map; a click opens one. The list says the same in words. */
import { useMemo } from "preact/hooks";
import type { BBox, Feature, FeatureCollection, PartnerSummary } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { lang, t } from "../../i18n";
import { info } from "../../i18n/words";
import { navigate } from "../../router";
import { useResource } from "../../state/resource";
import { useIslands } from "../page/context";
import { areaOf, islandsOf } from "../page/sketch/build";
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
  const id = partners.map((partner) => partner.id).join(",");
  const own = useFeatures(itemsUrl("admin_units", { id, properties: FIELDS }));
  const home = { country: "VN", level: "province", properties: FIELDS };
  const facing = useFeatures(itemsUrl("admin_units", home));
  return useMemo(() => [...facing, ...own], [facing, own]);
}

/** All of the borders, and west of them the partners that reach the Mekong. */
function extent(partners: readonly PartnerSummary[]): BBox {
  const facing = partners.filter((p) => homeFaces(p.faces).length > 0 && p.country !== "CN");
  return unionBoxes([info.value?.bbox, ...facing.map((p) => p.bbox)]) ?? [100, 8, 110, 24];
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
  const islands = useIslands();
  const sketch = useMemo((): Sketch => {
    return {
      title: t("partner.overview"),
      bbox: extent(partners),
      crowded: true,
      areas: areas(units, partners),
      lines: [],
      points: [],
      legend: [],
      islands: islandsOf(islands),
    };
  }, [units, islands, partners, lang.value]);
  return (
    <figure class="page-map">
      <SketchMap sketch={sketch} width={520} height={680} />
      <figcaption class="small soft screen-only">{t("partner.overview_hint")}</figcaption>
    </figure>
  );
}
