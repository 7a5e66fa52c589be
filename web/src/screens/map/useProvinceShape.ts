/** The outline of the province that the filter names, in whatever era it existed. */
import { useMemo } from "preact/hooks";
import type { Feature, SearchResult } from "../../api/types";
import { itemUrl, searchUrl } from "../../api/urls";
import { useResource } from "../../state/resource";
import { asked } from "../../state/screen";

const NONE: Feature[] = [];

export function useProvinceShape(): Feature[] {
  const { province } = asked.value;
  const url = province ? searchUrl(province, 5, "admin_units") : null;
  const found = useResource<{ results: SearchResult[] }>(url);
  const unit = province ? found.data?.results.find((r) => r.layer === "admin_units") : undefined;
  const shape = useResource<Feature>(
    unit ? itemUrl("admin_units", unit.id, { datetime: "../.." }) : null,
  );
  return useMemo(() => (shape.data && unit ? [shape.data] : NONE), [shape.data, unit?.id]);
}
