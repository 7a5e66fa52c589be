/** Day, province and border: what every layer is asked for. */
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { today } from "../../i18n/words";
import { setQuery } from "../../router";
import { asked, panel, shownDate } from "../../state/screen";
import { useDelayed } from "../../ui/useDelayed";
import "./filters.css";
import { ProvincePicker } from "./ProvincePicker";
import type { Show } from "./useFit";

const BORDERS = ["VN-LA", "VN-KH", "VN-CN"] as const;

function DateField() {
  const change = (value: string) =>
    setQuery({ date: value && value !== today.value ? value : null });
  return (
    <div class="filter-date">
      <label class="label" for="date">
        {t("filter.date")} <strong class="num">{date(shownDate.value)}</strong>
      </label>
      <div class="row">
        <input
          class="field"
          type="date"
          id="date"
          data-testid="date"
          value={shownDate.value}
          onChange={(event) => change(event.currentTarget.value)}
        />
        <button
          type="button"
          class="button"
          disabled={!asked.value.date}
          onClick={() => change("")}
          title={date(today.value)}
        >
          {t("filter.today")}
        </button>
      </div>
    </div>
  );
}

function BorderField() {
  const chosen = asked.value.border;
  return (
    <fieldset class="segments">
      <legend class="label">{t("filter.border")}</legend>
      <div class="row tight">
        {[null, ...BORDERS].map((border) => (
          <button
            type="button"
            class="segment"
            aria-pressed={chosen === border}
            onClick={() => setQuery({ border })}
          >
            {border ? t(`filter.border.${border}`) : t("common.all")}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

const WAIT = 250; // ms that typing must rest

function TextField() {
  const shown = asked.value.text ?? "";
  const [text, setText] = useState(shown);
  const settled = useDelayed(text.trim(), WAIT);
  useEffect(() => setText(shown), [shown]);
  useEffect(() => {
    if (settled !== shown) setQuery({ text: settled }, { replace: true });
  }, [settled]);
  return (
    <div class="filter-text">
      <label class="label" for="filter-text">
        {t("filter.text")}
      </label>
      <input
        class="field"
        type="search"
        id="filter-text"
        autocomplete="off"
        placeholder={t("filter.text_hint")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </div>
  );
}

export function Filters({ show }: { show: Show }) {
  return (
    <section class="filters screen-only" aria-label={t("filter.title")}>
      <ProvincePicker show={show} />
      <DateField />
      <BorderField />
      {(panel.value === "list" || asked.value.text) && <TextField />}
    </section>
  );
}
