/** What a printed map is of: its title, and what was asked of the register. */
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { asked, panel, shownDate } from "../../state/screen";
import { PANEL_TITLES } from "./PanelBody";

const LINES = ["VN-LA", "VN-KH", "VN-CN"] as const;

function Asked() {
  const { province, border, text } = asked.value;
  const line = LINES.find((one) => one === border);
  const parts = [
    `${t("filter.date")} ${date(shownDate.value)}`,
    province && `${t("filter.province")}: ${province}`,
    line && `${t("filter.border")}: ${t(`filter.border.${line}`)}`,
    text && `${t("filter.text")}: ${text}`,
  ];
  return <p>{parts.filter(Boolean).join(" · ")}</p>;
}

export function PaperTitle() {
  const title = panel.value && PANEL_TITLES[panel.value];
  return (
    <header class="paper-only paper-title">
      <h1>{t(title || "map.label")}</h1>
      <Asked />
    </header>
  );
}
