/** The province filter: any spelling, any era; suggestions without typing are the border's own. */
import { useEffect, useState } from "preact/hooks";
import type { SearchResult } from "../../api/types";
import { searchUrl } from "../../api/urls";
import { t } from "../../i18n";
import { named } from "../../i18n/words";
import { setQuery } from "../../router";
import { usePartners } from "../../state/data";
import { useResource } from "../../state/resource";
import { asked } from "../../state/screen";
import { Icon } from "../../ui/Icon";
import { OptionList, type OptionRow, optionId } from "../../ui/OptionList";
import { optionKeys, useActive } from "../../ui/useActive";
import { useDelayed } from "../../ui/useDelayed";
import { extentOfUnit, type Show } from "./useFit";

interface Option extends OptionRow {
  name: string; // what the filter is set to
}

const WAIT = 180; // ms

function useFaces(): Option[] {
  const faces = usePartners().flatMap((partner) => partner.faces);
  const names = faces.filter((face) => face.country === "VN").map((face) => face.name_vi);
  const sorted = [...new Set(names)].sort((a, b) => a.localeCompare(b, "vi"));
  return sorted.map((name) => ({ name, text: name, more: "" }));
}

function useOptions(typed: string): Option[] {
  const faces = useFaces();
  const found = useResource<{ results: SearchResult[] }>(
    typed ? searchUrl(typed, 20, "admin_units") : null,
  );
  if (!typed) return faces;
  return (found.data?.results ?? []).map((unit) => ({
    name: named(unit, "title", "vi"),
    text: named(unit, "title"),
    more: named(unit, "subtitle"),
  }));
}

async function apply(name: string, show: Show): Promise<void> {
  setQuery({ province: name });
  const extent = await extentOfUnit(name).catch(() => null);
  if (extent) show(extent);
}

export function ProvincePicker({ show }: { show: Show }) {
  const chosen = asked.value.province ?? "";
  const [text, setText] = useState(chosen);
  const [open, setOpen] = useState(false);
  useEffect(() => setText(chosen), [chosen]);
  const typed = useDelayed(text.trim() === chosen ? "" : text.trim(), WAIT);
  const options = useOptions(typed);
  const active = useActive(options.length);
  const pick = (name: string | undefined) => {
    setOpen(false);
    if (name) void apply(name, show);
    else setQuery({ province: null });
  };
  const enter = (i: number) =>
    pick(typed === text.trim() && options[i] ? options[i].name : text.trim());
  const keys = optionKeys(active, enter, () => setOpen(false));
  return (
    <div class="province-picker">
      <label class="label" for="province">
        {t("filter.province")}
      </label>
      <div class="row">
        <input
          class="field"
          id="province"
          data-testid="province"
          role="combobox"
          autocomplete="off"
          aria-expanded={open}
          aria-controls="province-options"
          aria-activedescendant={
            open && options.length ? optionId("province-options", active.at) : undefined
          }
          placeholder={t("filter.province_any")}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setOpen(true);
          }}
          onClick={() => setOpen(true)}
          onBlur={() => setTimeout(() => setOpen(false), 200)}
          onKeyDown={(event) => {
            if (open || event.key !== "Escape") keys(event);
            if (event.key === "ArrowDown") setOpen(true);
          }}
        />
        {chosen && (
          <button
            type="button"
            class="button icon"
            aria-label={t("filter.province_clear")}
            onClick={() => pick(undefined)}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      {open && options.length > 0 && (
        <OptionList
          id="province-options"
          label={t("filter.province")}
          rows={options}
          active={active.at}
          onPick={(i) => pick(options[i]?.name)}
        />
      )}
    </div>
  );
}
