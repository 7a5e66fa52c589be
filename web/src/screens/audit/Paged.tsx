/** A log that comes page by page, the latest first; each further page by a press. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { request } from "../../api/client";
import { t } from "../../i18n";
import { useResource } from "../../state/resource";
import { useAction } from "../../ui/Form";
import { More } from "../../ui/More";
import { Empty, Loaded } from "../../ui/States";

/** The address of a further page on this host, whatever host the server believes to be. */
export function here(next: string): string {
  const { pathname, search } = new URL(next, location.href);
  return pathname + search;
}

export interface Page {
  next: string | null;
}

interface Props<P extends Page, T> {
  first: P;
  of: (page: P) => T[];
  children: (entry: T) => ComponentChildren;
}

function Entries<P extends Page, T>({ first, of, children }: Props<P, T>) {
  const [more, setMore] = useState<P[]>([]);
  const action = useAction();
  const pages = [first, ...more];
  const next = pages.at(-1)?.next ?? null;
  const entries = pages.flatMap(of);
  const bring = async () => {
    const page = await request<P>(here(next ?? ""));
    setMore((old) => [...old, page]);
  };
  if (!entries.length) return <Empty>{t("audit.nothing")}</Empty>;
  return (
    <>
      <ol class="leaf-entries">{entries.map(children)}</ol>
      <More there={next !== null} action={action} bring={bring} />
    </>
  );
}

export function Paged<P extends Page, T>(props: {
  url: string;
  of: (page: P) => T[];
  children: (entry: T) => ComponentChildren;
}) {
  const found = useResource<P>(props.url);
  return (
    <Loaded of={found}>
      {(first) => (
        <Entries key={`${found.url} ${found.at?.getTime()}`} first={first} of={props.of}>
          {props.children}
        </Entries>
      )}
    </Loaded>
  );
}
