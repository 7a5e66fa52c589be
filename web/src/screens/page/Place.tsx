/** Where something stands: coordinates with their system, how they were found, how far to trust. */
import type { Feature } from "../../api/types";
import { t } from "../../i18n";
import { coordinates, number, plainCoordinates } from "../../i18n/format";
import { CopyButton } from "../../ui/CopyButton";
import { type Fact, FactList } from "./Facts";
import { dms, fieldTitle, lengthText, text, wordOf } from "./format";

function Coordinates({ feature }: { feature: Feature }) {
  if (feature.geometry?.type !== "Point") return <>{t("page.no_position")}</>;
  const at = feature.geometry.coordinates;
  const indicative = feature.properties.position_quality === "indicative";
  const digits = indicative ? 3 : 6; // more would pretend to be a survey
  return (
    <span class="coordinates num">
      <span>
        {coordinates(at, digits)}
        {!indicative && <span class="soft small"> · {dms(at[0], at[1])}</span>}
      </span>
      <CopyButton text={plainCoordinates(at, digits)} name={t("page.coordinates")} />
    </span>
  );
}

function original({ properties: p }: Feature, layer: string): Fact[] {
  if (typeof p.surveyed_x !== "number" || typeof p.surveyed_y !== "number") return [];
  const pair = `${number(p.surveyed_x, 7)}; ${number(p.surveyed_y, 7)}`;
  return [
    [t("page.surveyed"), `${pair} (${text(p.surveyed_crs)})`],
    [fieldTitle(layer, "datum_operation"), text(p.datum_operation)],
  ];
}

export function IndicativeNotice({ feature }: { feature: Feature }) {
  if (feature.properties.position_quality !== "indicative") return null;
  return (
    <p class="notice">
      <strong>{t("page.indicative")}</strong> {t("page.indicative_means")}
    </p>
  );
}

export function PlaceFacts({ feature, layer }: { feature: Feature; layer: string }) {
  const p = feature.properties;
  const uncertainty = p.position_uncertainty_m;
  return (
    <FactList
      facts={[
        [t("page.coordinates"), <Coordinates key="at" feature={feature} />],
        [
          fieldTitle(layer, "position_quality"),
          wordOf(layer, "position_quality", p.position_quality),
        ],
        [
          fieldTitle(layer, "position_uncertainty_m"),
          typeof uncertainty === "number" && `± ${lengthText(uncertainty)}`,
        ],
        [fieldTitle(layer, "position_method"), text(p.position_method)],
        ...original(feature, layer),
      ]}
    />
  );
}
