/** Counting features by what a property says. */
import { NO_VALUE } from "../api/cql2";
import type { Feature } from "../api/types";

export function tallyBy(features: readonly Feature[], property: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { properties } of features) {
    const value = String(properties[property] ?? NO_VALUE);
    sums[value] = (sums[value] ?? 0) + 1;
  }
  return sums;
}

/** How many different values a property has. */
export function distinct(features: readonly Feature[], property: string): number {
  return new Set(features.map(({ properties }) => properties[property])).size;
}
