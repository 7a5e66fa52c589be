/** A page of one thing: while it loads, when it cannot, and when there is no such thing. */
import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import { href } from "../../router";
import type { Resource } from "../../state/resource";
import { Loaded } from "../../ui/States";
import { Frame } from "./Frame";

const NOT_FOUND = 404; // HTTP status

interface Props<T> {
  of: Resource<T>;
  asked: string; // code or id in the address
  back: { path: string; words: string };
  children: (data: T) => ComponentChildren;
}

function Missing({ asked, back }: { asked: string; back: { path: string; words: string } }) {
  return (
    <main class="leaf">
      <h1>{t("page.missing", { asked })}</h1>
      <p>{t("page.missing_means")}</p>
      <a class="button" href={href(back.path)}>
        {back.words}
      </a>
    </main>
  );
}

export function PageOf<T>({ of, asked, back, children }: Props<T>) {
  if (of.error?.status === NOT_FOUND) {
    return (
      <Frame>
        <Missing asked={asked} back={back} />
      </Frame>
    );
  }
  const body = <Loaded of={of}>{children}</Loaded>;
  return <Frame>{of.data === null ? <main class="leaf">{body}</main> : body}</Frame>;
}
