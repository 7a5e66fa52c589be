import { t } from "../i18n";
import { href } from "../router";
import { Frame } from "./page/Frame";

export function NotFound() {
  return (
    <Frame>
      <main class="leaf">
        <h1>{t("app.not_found")}</h1>
        <p>
          <a href={href("/")}>{t("app.back_to_map")}</a>
        </p>
      </main>
    </Frame>
  );
}
