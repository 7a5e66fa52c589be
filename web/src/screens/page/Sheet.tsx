/** The frame of a page: one column on screen, an A4 sheet on paper. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { lang, t } from "../../i18n";
import { info } from "../../i18n/words";
import { CopyButton } from "../../ui/CopyButton";
import { creditLine } from "./credits";
import { PrintButton, pageUrl } from "./Paper";

/** What the map's viewpoint is and whose data it shows. */
export function Attribution() {
  const about = info.value;
  if (!about) return null;
  return (
    <div class="attribution tiny soft">
      <p>{about.viewpoint_statement[lang.value]}</p>
      <p>{creditLine(about.attribution)}</p>
    </div>
  );
}

interface Props {
  path: string; // of this page, for its address
  kind: string; // what the page is, in words
  title: string;
  back: { href: string; words: string };
  lead?: ComponentChildren; // under the title
  actions?: ComponentChildren; // more buttons
  first?: ComponentChildren; // the key figures
  aside?: ComponentChildren; // the map, beside the column where there is room
  wide?: boolean; // the aside stands beside the column on a desk
  children: ComponentChildren;
}

function Actions({ path, children }: { path: string; children?: ComponentChildren }) {
  return (
    <div class="leaf-actions screen-only">
      <CopyButton text={pageUrl(path)} words={t("page.copy_link")} />
      <PrintButton />
      {children}
    </div>
  );
}

export function Sheet(props: Props) {
  const { title, kind, path } = props;
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
  return (
    <main class={`leaf ${props.wide ? "wide" : ""}`}>
      <header class="leaf-head">
        <a class="leaf-back screen-only" href={props.back.href}>
          ‹ {props.back.words}
        </a>
        <p class="kicker">{kind}</p>
        <h1>{title}</h1>
        {props.lead}
        <Actions path={path}>{props.actions}</Actions>
      </header>
      {props.first && <div class="leaf-first">{props.first}</div>}
      {props.aside && <div class="leaf-aside">{props.aside}</div>}
      <div class="leaf-body">{props.children}</div>
      <footer class="leaf-foot">
        <Attribution />
      </footer>
    </main>
  );
}

/** A titled part of a sheet; where it has nothing it says why. */
export function Section(props: {
  title: string;
  count?: number;
  empty?: string; // what it means that there is nothing
  children?: ComponentChildren;
}) {
  const { title, count, empty, children } = props;
  return (
    <section class="leaf-section">
      <h2>
        {title}
        {count ? <span class="soft num"> ({count})</span> : null}
      </h2>
      {count === 0 ? <p class="leaf-empty">{empty}</p> : children}
    </section>
  );
}
