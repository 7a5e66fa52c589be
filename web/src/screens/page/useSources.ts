import { useMemo } from "preact/hooks";
import type { FeatureCollection, Properties } from "../../api/types";
import { itemsUrl } from "../../api/urls";
import { useResource } from "../../state/resource";
import { text } from "./format";
import { indexSources, type SourceIndex } from "./Sources";

/** The numbered sources of these rows, with what the register says of each. */
export function useSources(rows: readonly Properties[]): SourceIndex {
  const ids = [...new Set(rows.map((row) => text(row.source_id)).filter(Boolean))].sort().join(",");
  const { data } = useResource<FeatureCollection>(ids ? itemsUrl("sources", { id: ids }) : null);
  const keys = rows.map((row) => `${text(row.source_id)} ${text(row.source)}`).join("|");
  return useMemo(() => {
    const known = (data?.features ?? []).map(({ id, properties }) => ({ ...properties, id }));
    return indexSources(rows, known);
  }, [keys, data]);
}
