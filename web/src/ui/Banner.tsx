import { t } from "../i18n";
import { info } from "../i18n/words";

/** Says on every screen that what is shown is an exercise. */
export function Banner() {
  if (!info.value?.exercise) return null;
  return (
    <div class="banner-exercise" data-testid="exercise-banner">
      {t("app.exercise")}
    </div>
  );
}
