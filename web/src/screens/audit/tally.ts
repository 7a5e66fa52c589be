/** Counts of changes, one line for each person and layer. */
export const ACTIONS = ["create", "edit", "retire"] as const;

export interface Tally {
  actor: string;
  layer: string;
  action: (typeof ACTIONS)[number];
  changes: number;
  first: string;
  last: string; // ISO 8601, UTC
}

export interface Group {
  actor: string;
  layer: string;
  last: string;
  create: number;
  edit: number;
  retire: number;
}

/** Those who changed something last come first. */
export function grouped(changes: readonly Tally[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { actor, layer, action, changes: n, last } of changes) {
    const key = JSON.stringify([actor, layer]);
    const group = groups.get(key) ?? { actor, layer, last, create: 0, edit: 0, retire: 0 };
    group[action] += n;
    if (last > group.last) group.last = last;
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((a, b) => b.last.localeCompare(a.last));
}
