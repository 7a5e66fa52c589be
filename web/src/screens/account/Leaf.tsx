/** The frame of the screens about accounts. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { Frame } from "../page/Frame";
import { PrintButton } from "../page/Paper";
import "../edit/edit.css";
import "./account.css";

interface Props {
  title: string;
  wide?: boolean; // for what needs more room than a page has
  prints?: boolean; // with a button for it
  children: ComponentChildren;
}

export function Leaf({ title, wide = false, prints = false, children }: Props) {
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
  return (
    <Frame>
      <main class={wide ? "leaf broad" : "leaf"}>
        <div class="leaf-top">
          <h1>{title}</h1>
          {prints && <PrintButton />}
        </div>
        {children}
      </main>
    </Frame>
  );
}
