/** A list that comes page by page: the first at once, the next ones when they are asked for. */
import { useState } from "preact/hooks";
import { request } from "../api/client";
import type { Feature, FeatureCollection } from "../api/types";
import { useResource } from "./resource";

export interface Pages {
  features: Feature[];
  matched: number; // how many there are in all
  loading: boolean;
  more: (() => void) | null; // asks for the next page; null where there is none
}

interface Later {
  of: FeatureCollection | null; // the first page that they follow
  pages: FeatureCollection[];
  loading: boolean;
}

const NONE: Later = { of: null, pages: [], loading: false };

/** Address of the next page on this host, whatever host the server believes to be. */
function nextOf(page: FeatureCollection | undefined): string | null {
  const href = page?.links?.find(({ rel }) => rel === "next")?.href;
  if (!href) return null;
  const { pathname, search } = new URL(href, location.href);
  return pathname + search;
}

export function usePages(url: string | null): Pages {
  const first = useResource<FeatureCollection>(url);
  const [state, setLater] = useState(NONE);
  const later = state.of === first.data ? state : NONE;
  const pages = first.data ? [first.data, ...later.pages] : [];
  const next = nextOf(pages.at(-1));
  const more = () => {
    const base = { of: first.data, pages: later.pages };
    setLater({ ...base, loading: true });
    const mine = (done: Later) => (old: Later) => (old.of === base.of ? done : old);
    request<FeatureCollection>(next as string).then(
      (page) => setLater(mine({ ...base, pages: [...base.pages, page], loading: false })),
      () => setLater(mine({ ...base, loading: false })),
    );
  };
  return {
    features: pages.flatMap((page) => page.features),
    matched: first.data?.numberMatched ?? 0,
    loading: first.loading || later.loading,
    more: next && !later.loading ? more : null,
  };
}
