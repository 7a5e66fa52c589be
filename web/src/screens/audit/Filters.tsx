/** Period and person, as the address holds them, for every part of the audit. */
import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import { query, setQuery } from "../../router";
import { dayEnd, dayStart } from "../../state/period";

export const chosen = (name: string): string => query.value.get(name) ?? "";

/** What is asked of the server. */
export function asked(): { since: string | null; until: string | null; actor: string } {
  return {
    since: dayStart(chosen("since")),
    until: dayEnd(chosen("until")),
    actor: chosen("actor"),
  };
}

interface FieldProps {
  name: "since" | "until" | "actor";
  type: "date" | "text";
}

function Field({ name, type }: FieldProps) {
  return (
    <div class="form-field">
      <label class="label" for={`audit-${name}`}>
        {t(`history.${name}`)}
      </label>
      <input
        id={`audit-${name}`}
        class="field"
        type={type}
        value={chosen(name)}
        onChange={(event) => setQuery({ [name]: event.currentTarget.value.trim() })}
      />
    </div>
  );
}

interface Props {
  person?: boolean; // whether one person may be chosen
  children?: ComponentChildren; // further fields
}

export function Filters({ person = true, children }: Props) {
  return (
    <div class="audit-filters screen-only">
      <Field name="since" type="date" />
      <Field name="until" type="date" />
      {person && <Field name="actor" type="text" />}
      {children}
    </div>
  );
}
