import { t } from "../i18n";
import { href } from "../router";
import { Leaf } from "./account/Leaf";

export function NotFound() {
  return (
    <Leaf title={t("app.not_found")}>
      <p>{t("app.not_found_lead")}</p>
      <a class="button" href={href("/")}>
        {t("app.back_to_map")}
      </a>
    </Leaf>
  );
}
