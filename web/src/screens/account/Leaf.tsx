/** The frame of the screens about accounts. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { Frame } from "../page/Frame";
import "../page/page.css";
import "../edit/edit.css";
import "./account.css";

interface Props {
  title: string;
  wide?: boolean; // for what needs more room than a page has
  children: ComponentChildren;
}

export function Leaf({ title, wide = false, children }: Props) {
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
  return (
    <Frame>
      <main class={wide ? "leaf broad" : "leaf"}>
        <h1>{title}</h1>
        {children}
      </main>
    </Frame>
  );
}
