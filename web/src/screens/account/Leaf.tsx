/** The frame of the screens about accounts. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { Frame } from "../page/Frame";
import "../page/page.css";
import "../edit/edit.css";
import "./account.css";

export function Leaf({ title, children }: { title: string; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
  return (
    <Frame>
      <main class="leaf">
        <h1>{title}</h1>
        {children}
      </main>
    </Frame>
  );
}
