/** A role, and the provinces in which it is held. */
import { useId, useState } from "preact/hooks";
import { t } from "../../i18n";
import { label, words } from "../../i18n/words";
import { useProvinces } from "./useProvinceNames";

export function RoleSelect(props: { value: string; onChange: (role: string) => void }) {
  const id = useId();
  return (
    <div class="form-field">
      <label class="label" for={id}>
        {t("account.role")}
      </label>
      <select
        id={id}
        class="field"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {words("role")
          .filter(({ value }) => value !== "anonymous")
          .map(({ value }) => (
            <option key={value} value={value}>
              {label("role", value)}
            </option>
          ))}
      </select>
    </div>
  );
}

const plain = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll(/[đĐ]/g, "d").toLowerCase();

interface ListProps {
  chosen: string[];
  onChange: (ids: string[]) => void;
}

export function ProvinceList({ chosen, onChange }: ListProps) {
  const [text, setText] = useState("");
  const provinces = [...useProvinces()].sort((a, b) => a[1].localeCompare(b[1], "vi"));
  const wanted = plain(text.trim());
  const shown = provinces.filter(
    ([id, name]) => chosen.includes(id) || (wanted && plain(name).includes(wanted)),
  );
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset class="form-field">
      <legend class="label">{t("account.provinces")}</legend>
      <input
        class="field"
        type="search"
        aria-label={t("people.find_province")}
        placeholder={t("people.find_province")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {shown.length > 0 && (
        <div class="province-list">
          {shown.map(([id, name]) => (
            <label key={id}>
              <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
              {name}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}
