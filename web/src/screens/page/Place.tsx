/** Where something stands: coordinates with their system, how they were found, how far to trust. */
import type { Feature, Properties } from "../../api/types";
import { t } from "../../i18n";
import { coordinates, number, plainCoordinates } from "../../i18n/format";
import { localText } from "../../i18n/words";
import { CopyButton } from "../../ui/CopyButton";
import { type Fact, FactList } from "./Facts";
import { dms, fieldTitle, lengthText, text, wordOf } from "./format";

const ALL_DIGITS = 6; // decimals of a degree, about 0.1 m

/** Decimals worth showing: more than the uncertainty allows would pretend to be a survey. */
export function digitsOf({ position_quality, position_uncertainty_m }: Properties): number {
  if (position_quality !== "indicative" && position_quality !== "approximate") return ALL_DIGITS;
  const metres = Number(position_uncertainty_m ?? 1000);
  if (metres >= 1000) return 3;
  return metres >= 100 ? 4 : 5;
}

/** `urn:ogc:def:coordinateOperation:EPSG::6960` → `EPSG:6960`. */
export function shortUrn(urn: string): string {
  return urn.replace(/^urn:ogc:def:\w+:(\w+):[\d.]*:/, "$1:");
}

function Coordinates({ feature }: { feature: Feature }) {
  if (feature.geometry?.type !== "Point") return <>{t("page.no_position")}</>;
  const at = feature.geometry.coordinates;
  const digits = digitsOf(feature.properties);
  return (
    <span class="coordinates num">
      <span>
        {coordinates(at, digits)}
        {digits === ALL_DIGITS && <span class="soft small"> · {dms(at[0], at[1])}</span>}
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
    [fieldTitle(layer, "datum_operation"), shortUrn(text(p.datum_operation))],
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
        [fieldTitle(layer, "position_method"), localText(p, "position_method")],
        ...original(feature, layer),
      ]}
    />
  );
}
