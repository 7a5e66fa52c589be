/** Values for every row that has none of its own. */
import { useState } from "preact/hooks";
import { lang, t } from "../../i18n";
import { field, words } from "../../i18n/words";
import { LateField } from "./LateField";
import type { Preview } from "./types";
import type { Import } from "./useImport";
import { constantsOf, targetTitle } from "./words";

interface Props {
  made: Preview;
  of: Import;
}

const BORDERS = ["VN-KH", "VN-LA", "VN-CN"];

/** The values that a field has in a list, none where it may be any text. */
function choicesOf(layer: string, name: string): { value: string; title: string }[] {
  if (name === "border") return BORDERS.map((value) => ({ value, title: value }));
  const vocabulary = field(layer, name)?.vocabulary;
  const known = vocabulary ? words(vocabulary) : [];
  return known.map((word) => ({ value: word.value, title: word[lang.value] }));
}

interface OneProps {
  layer: string;
  name: string;
  value: string;
  onValue: (value: string) => void;
}

function Constant({ layer, name, value, onValue }: OneProps) {
  const choices = choicesOf(layer, name);
  const title = targetTitle(layer, name);
  if (!choices.length) return <LateField label={title} value={value} onValue={onValue} />;
  return (
    <div class="form-field">
      <label class="label" for={`import-constant-${name}`}>
        {title}
      </label>
      <select
        id={`import-constant-${name}`}
        class="field"
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        <option value="">{t("import.of_the_row")}</option>
        {choices.map((one) => (
          <option key={one.value} value={one.value}>
            {one.title}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Constants({ made, of }: Props) {
  const [more, setMore] = useState<string[]>([]);
  const options = { ...made.options, ...of.asked };
  const { layer, constants } = options;
  const shown = [...new Set([...constantsOf(options), ...more])];
  const offered = made.targets.filter((name) => !name.startsWith("@") && !shown.includes(name));
  const set = (name: string, value: string) =>
    of.change(({ constants: old }) => {
      const { [name]: _, ...others } = old;
      return { constants: value ? { ...others, [name]: value } : others };
    });
  return (
    <div class="form-grid">
      {shown.map((name) => (
        <Constant
          key={name}
          layer={layer}
          name={name}
          value={constants[name] ?? ""}
          onValue={(value) => set(name, value)}
        />
      ))}
      <div class="form-field">
        <label class="label" for="import-constant-more">
          {t("import.constant_more")}
        </label>
        <select
          id="import-constant-more"
          class="field"
          value=""
          onChange={(event) => {
            const name = event.currentTarget.value;
            if (name) setMore((old) => [...old, name]);
          }}
        >
          <option value="">{t("import.constant_choose")}</option>
          {offered.map((name) => (
            <option key={name} value={name}>
              {targetTitle(layer, name)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
