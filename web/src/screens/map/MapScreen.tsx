import { useMemo } from "preact/hooks";
import type { FeatureCollection } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { t } from "../../i18n";
import { MapView } from "../../map/MapView";
import { useResource } from "../../state/resource";

export function MapScreen() {
  const units = useResource<FeatureCollection>(itemsUrl("admin_units"));
  const borders = useResource<FeatureCollection>(itemsUrl("borders", { level: "stretch" }));
  const overlays = useMemo(
    () => ({ units: units.data?.features ?? [], borders: borders.data?.features ?? [] }),
    [units.data, borders.data],
  );
  return <MapView overlays={overlays} label={t("map.label")} />;
}
