/** A field that names a row of another layer: typed as it is, or found by its name. */
import { useState } from "preact/hooks";
import type { FeatureCollection, SearchResult } from "../../api/types";
import { itemsUrl, searchUrl } from "../../api/urls";
import { t } from "../../i18n";
import { layerTitle, named } from "../../i18n/words";
import { useResource } from "../../state/resource";
import { OptionList, optionId } from "../../ui/OptionList";
import { optionKeys, useActive } from "../../ui/useActive";
import { useDelayed } from "../../ui/useDelayed";
import { text } from "../page/format";
import type { InputProps } from "./FieldInput";

const WAIT = 180; // ms of quiet before a search goes out
const MOST = 6; // rows offered

/** What people call the row of an identifier; empty where there is none. */
function useName(layer: string | null, id: string): string {
  const asked = layer && id ? itemsUrl(layer, { id, limit: 1 }) : null;
  const row = useResource<FeatureCollection>(asked).data?.features.find((one) => one.id === id);
  if (!row) return "";
  const no = layer === "markers" && text(row.properties.number);
  return no ? t("marker.title", { no }) : named(row.properties);
}

export function ReferenceInput({ field, id, value, described, invalid, onChange }: InputProps) {
  const [open, setOpen] = useState(false);
  const q = useDelayed(value.trim(), WAIT);
  const asked = open && q ? searchUrl(q, MOST, field.of ?? undefined) : null;
  const found = useResource<{ results: SearchResult[] }>(asked);
  const name = useName(field.of, open ? "" : value.trim());
  const results = asked ? (found.data?.results ?? []) : [];
  const list = `${id}-list`;
  const pick = (result: SearchResult | undefined) => {
    setOpen(false);
    if (result) onChange(result.id);
  };
  const active = useActive(results.length);
  const keys = optionKeys(
    active,
    (i) => pick(results[i]),
    () => setOpen(false),
  );
  const shown = open && results.length > 0;
  return (
    <div class="form-reference">
      <input
        id={id}
        class="field"
        role="combobox"
        autocomplete="off"
        required={field.required}
        value={value}
        aria-describedby={described}
        aria-invalid={invalid}
        aria-expanded={shown}
        aria-controls={list}
        aria-activedescendant={shown ? optionId(list, active.at) : undefined}
        onInput={(event) => {
          onChange(event.currentTarget.value);
          setOpen(true);
        }}
        onBlur={() => setTimeout(() => setOpen(false), 200)}
        onKeyDown={shown ? keys : undefined}
      />
      {name && <div class="form-name">{name}</div>}
      {shown && (
        <OptionList
          id={list}
          label={layerTitle(field.of ?? "")}
          rows={results.map((one) => ({ text: named(one, "title"), more: one.id }))}
          active={active.at}
          onPick={(i) => pick(results[i])}
        />
      )}
    </div>
  );
}
