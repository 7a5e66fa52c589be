/** What is being typed: kept in the browser until it is saved, so that nothing typed is lost. */
import { useState } from "preact/hooks";
import type { Tagged } from "../../api/client";
import type { Feature, LonLat } from "../../api/types";
import { forget, keep, kept } from "../../kept";
import { DRAFTS, ownName } from "../../state/own";
import { user } from "../../state/session";
import { type Draft, draftOf, type FormField, nothing, typed } from "./form";

export interface Work {
  draft: Draft;
  at: LonLat | null;
  reason: string;
}

export type Base = Tagged<Feature>; // the state of the row that the work was begun on

interface Kept {
  base: Base;
  work: Work;
}

const nameOf = (key: string): string => ownName(user.value?.id, DRAFTS + key);

export const MARKERS = "markers";

export const NEW: Base = { data: nothing, etag: null };

export function placeOf({ geometry }: Feature): LonLat | null {
  return geometry?.type === "Point" ? geometry.coordinates : null;
}

export function fresh(fields: FormField[], { data }: Base): Work {
  return { draft: draftOf(fields, data.properties), at: placeOf(data), reason: "" };
}

function earlier(key: string): Kept | null {
  try {
    return JSON.parse(kept(nameOf(key)) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

export interface Drafting {
  work: Work;
  base: Base;
  resumed: boolean; // it was typed on an earlier visit
  set: (patch: Partial<Work>) => void;
  rebase: (work: Work, base: Base) => void;
  drop: () => void;
}

/** The work on `key`, on the state that it was begun on: on `now` if it begins today. */
export function useDraft(key: string, fields: FormField[], now: Base): Drafting {
  const [found, setFound] = useState(() => earlier(key));
  const [held, setHeld] = useState<Kept>(() => found ?? { base: now, work: fresh(fields, now) });
  const [touched, setTouched] = useState(found !== null);
  const change = (next: (old: Kept) => Kept, typing: boolean) =>
    setHeld((old) => {
      const now = next(old);
      if (typing) keep(nameOf(key), JSON.stringify(now)); // at once: the page may be left at any time
      return now;
    });
  return {
    ...held,
    resumed: found !== null,
    set: (patch) => {
      setTouched(true);
      change((old) => ({ ...old, work: { ...old.work, ...patch } }), true);
    },
    rebase: (work, base) => change(() => ({ work, base }), touched),
    drop: () => {
      forget(nameOf(key));
      setTouched(false);
      setFound(null);
      setHeld({ base: now, work: fresh(fields, now) });
    },
  };
}

/** A property that both have changed, each in his own way. */
export interface Clash {
  field: FormField;
  before: string;
  theirs: string;
  mine: string;
}

export interface Merge {
  draft: Draft; // theirs where I changed nothing, mine where I did
  clashes: Clash[];
  taken: Clash[]; // what only they have changed
}

/** Bring what I typed on `base` onto what the row has become. */
export function merge(fields: FormField[], base: Feature, theirs: Feature, mine: Draft): Merge {
  const merged: Merge = { draft: { ...mine }, clashes: [], taken: [] };
  for (const field of fields) {
    const before = typed(field, base.properties[field.name]);
    const now = typed(field, theirs.properties[field.name]);
    const own = mine[field.name] ?? "";
    if (now === before || now === own) continue;
    const clash = { field, before, theirs: now, mine: own };
    if (own !== before) merged.clashes.push(clash);
    else {
      merged.taken.push(clash);
      merged.draft[field.name] = now;
    }
  }
  return merged;
}
