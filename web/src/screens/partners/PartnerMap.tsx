/** A partner province with what faces it, its gates, corridors and projects. */
import { useMemo } from "preact/hooks";
import type { Feature, Partner } from "../../api/types";
import { lang, t } from "../../i18n";
import { named } from "../../i18n/words";
import { bboxOf } from "../../map/geo";
import type { FeatureRef } from "../../map/types";
import { href, navigate } from "../../router";
import { useIslands, useUnits } from "../page/context";
import { PageMap } from "../page/PageMap";
import {
  areaOf,
  borderOf,
  corridorOf,
  gateLegend,
  gatePoints,
  islandsOf,
  lineLegend,
  projectLegend,
  projectPoints,
} from "../page/sketch/build";
import type { Sketch } from "../page/sketch/model";
import { unionBoxes } from "../page/sketch/projection";
import { homeFaces } from "./summary";

function facing(partner: Partner): Feature[] {
  return homeFaces(partner.faces).flatMap((face) => (face.feature ? [face.feature] : []));
}

/** The sketch of a partner; `others` are the provinces around those two sides. */
export function partnerSketch(partner: Partner, others: Feature[], islands: Feature[]): Sketch {
  const [gates, projects] = [partner.gates.features, partner.projects.features];
  const known = new Set([partner.id, ...homeFaces(partner.faces).map((face) => face.id)]);
  const lines = [
    ...partner.borders.features.map(borderOf),
    ...partner.corridors.features.map(corridorOf),
  ];
  return {
    title: t("partner.map", { name: named(partner) }),
    bbox: unionBoxes([partner.bbox, bboxOf(partner.borders.features.map((f) => f.geometry))]) ?? [
      102, 8, 110, 23.5,
    ],
    areas: [
      ...others.filter((unit) => !known.has(unit.id)).map((unit) => areaOf(unit, "other")),
      ...facing(partner).map((unit) => areaOf(unit, "facing")),
      areaOf(partner.unit, "subject"),
    ],
    lines,
    points: [...projectPoints(projects), ...gatePoints(gates)],
    legend: [...gateLegend(gates), ...projectLegend(projects), ...lineLegend(lines)],
    islands: islandsOf(islands),
  };
}

function open(ref: FeatureRef | null): void {
  if (ref?.role === "gates" || ref?.role === "projects") navigate(href(`/${ref.role}/${ref.id}`));
}

export function PartnerMap({ partner }: { partner: Partner }) {
  const units = useUnits(partner.bbox);
  const islands = useIslands();
  const sketch = useMemo(
    () => partnerSketch(partner, units, islands),
    [partner, units, islands, lang.value],
  );
  const overlays = useMemo(
    () => ({
      units: [partner.unit, ...facing(partner)],
      borders: partner.borders.features,
      corridor: partner.corridors.features,
      projects: partner.projects.features,
      gates: partner.gates.features,
      islands,
    }),
    [partner, islands],
  );
  return <PageMap sketch={sketch} overlays={overlays} onSelect={open} height={620} />;
}
