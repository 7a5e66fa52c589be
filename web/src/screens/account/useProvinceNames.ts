/** Names of administrative units by their ids. */
import type { FeatureCollection } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { named } from "../../i18n/words";
import { useResource } from "../../state/resource";

/** All provinces of Vietnam and beyond, of every time. */
export function useProvinces(): Map<string, string> {
  const found = useResource<FeatureCollection>(
    itemsUrl("admin_units", { level: "province", datetime: "../.." }),
  );
  return new Map((found.data?.features ?? []).map((one) => [one.id, named(one.properties)]));
}

/** Names of some of them; "…" until they have come, the identifier where there is no name. */
export function useProvinceNames(ids: string[]): string[] {
  const names = useProvinces();
  return ids.map((id) => names.get(id) ?? (names.size ? id : "…"));
}
