import { t } from "../i18n";
import { href } from "../router";

export function NotFound() {
  return (
    <main class="page">
      <h1>{t("app.not_found")}</h1>
      <a href={href("/")}>{t("app.back_to_map")}</a>
    </main>
  );
}
