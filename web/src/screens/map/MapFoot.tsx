/** What stands on every map: whose view of the borders it is, and who made the data. */
import { lang, t } from "../../i18n";
import { date } from "../../i18n/format";
import { info } from "../../i18n/words";
import { asked, shownDate } from "../../state/screen";
import { creditLine } from "../page/credits";

export function MapFoot() {
  const about = info.value;
  if (!about) return null;
  return (
    <footer class="map-foot">
      {asked.value.date && (
        <strong class="screen-only">{t("map.state_of", { date: date(shownDate.value) })}</strong>
      )}
      <span>{about.viewpoint_statement[lang.value]}</span>
      <details class="screen-only">
        <summary>{t("map.sources")}</summary>
        <ul>
          {about.attribution.map(({ text, licence }) => (
            <li>
              {text} ({licence})
            </li>
          ))}
        </ul>
      </details>
      <span class="paper-only">
        {t("map.sources")}: {creditLine(about.attribution)}
      </span>
    </footer>
  );
}
