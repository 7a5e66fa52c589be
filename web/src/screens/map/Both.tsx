import { t } from "../../i18n";
import { number } from "../../i18n/format";

/** Two counts side by side: 8 positions, 16 markers. Not a fraction of one. */
export function Both({ positions, markers }: { positions: number; markers: number }) {
  return (
    <p class="both">
      <strong class="num" data-testid="count-positions">
        {number(positions)}
      </strong>{" "}
      {t("count.positions")}
      <span class="both-slash" aria-hidden="true">
        {" / "}
      </span>
      <strong class="num" data-testid="count-markers">
        {number(markers)}
      </strong>{" "}
      {t("count.markers")}
    </p>
  );
}
