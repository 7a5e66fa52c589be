/** Finds by any spelling: Đắk Nông, Đăk Nông and Dak Nong are the same to the server. */
import { useState } from "preact/hooks";
import type { SearchResult } from "../../api/types";
import { searchUrl } from "../../api/urls";
import { t } from "../../i18n";
import { named } from "../../i18n/words";
import { setQuery } from "../../router";
import { useResource } from "../../state/resource";
import { select } from "../../state/screen";
import { Icon } from "../../ui/Icon";
import { OptionList, type OptionRow, optionId } from "../../ui/OptionList";
import { optionKeys, useActive } from "../../ui/useActive";
import { useDelayed } from "../../ui/useDelayed";
import "./search.css";
import type { Show } from "./useFit";

const WAIT = 180; // ms of quiet before a search goes out

function choose(result: SearchResult, show: Show): void {
  if (result.layer === "admin_units") {
    setQuery({ province: named(result, "title", "vi"), sel: null });
  } else if (result.layer === "corridors") {
    setQuery({ corridor: result.id.split(".")[0], sel: `corridors/${result.id}` });
  } else if (result.layer !== "places") {
    select({ layer: result.layer, id: result.id });
  }
  if (result.bbox) show(result.bbox);
}

function rowOf(result: SearchResult): OptionRow {
  return { text: named(result, "title"), more: named(result, "subtitle") };
}

export function SearchBox({ show, floating = false }: { show: Show; floating?: boolean }) {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const q = useDelayed(text.trim(), WAIT);
  const found = useResource<{ results: SearchResult[] }>(q ? searchUrl(q) : null);
  const results = q ? (found.data?.results ?? []) : [];
  const pick = (result: SearchResult | undefined) => {
    if (!result) return;
    setOpen(false);
    choose(result, show);
  };
  const active = useActive(results.length);
  const keys = optionKeys(
    active,
    (i) => pick(results[i]),
    () => setOpen(false),
  );
  return (
    <search class={floating ? "search floating" : "search"}>
      <Icon name="search" />
      <input
        class="field"
        type="search"
        role="combobox"
        data-testid="search"
        aria-label={t("search.label")}
        placeholder={t("search.placeholder")}
        aria-expanded={open && q !== ""}
        aria-controls="search-results"
        aria-activedescendant={
          open && results.length ? optionId("search-results", active.at) : undefined
        }
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 200)}
        onKeyDown={open ? keys : undefined}
      />
      {open && q && (
        <OptionList
          id="search-results"
          label={t("search.results")}
          rows={results.map(rowOf)}
          active={active.at}
          onPick={(i) => pick(results[i])}
        >
          <p class="option soft">
            {found.error?.detail ?? t(found.loading ? "state.loading" : "search.none", { q })}
          </p>
        </OptionList>
      )}
    </search>
  );
}
