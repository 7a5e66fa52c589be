/** One field of a form: its name, what is typed, its help, and what is wrong with it. */
import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import { FilesInput } from "../evidence/FilesInput";
import type { FormField } from "./form";
import { ReferenceInput } from "./ReferenceInput";

export interface InputProps {
  field: FormField;
  id: string;
  value: string;
  described: string | undefined; // id of the help and the problem
  invalid: boolean;
  onChange: (text: string) => void;
}

const LINES = 3; // of a long text

function Choice({ field, id, value, described, invalid, onChange }: InputProps) {
  const words =
    field.kind === "boolean"
      ? [
          { value: "true", title: t("common.yes") },
          { value: "false", title: t("common.no") },
        ]
      : field.choices;
  return (
    <select
      id={id}
      class="field"
      value={value}
      aria-describedby={described}
      aria-invalid={invalid}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{t("edit.unknown")}</option>
      {words.map((word) => (
        <option key={word.value} value={word.value}>
          {word.title}
        </option>
      ))}
    </select>
  );
}

function Lines({ id, value, described, invalid, onChange }: InputProps) {
  return (
    <textarea
      id={id}
      class="field"
      rows={LINES}
      value={value}
      aria-describedby={described}
      aria-invalid={invalid}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Line({ field, id, value, described, invalid, onChange }: InputProps) {
  const numeric = field.kind === "number" || field.kind === "integer";
  return (
    <input
      id={id}
      class="field"
      type={field.kind === "date" ? "date" : "text"}
      inputMode={numeric ? "decimal" : undefined}
      required={field.required}
      value={value}
      aria-describedby={described}
      aria-invalid={invalid}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const MINUTE = 60_000; // ms

/** An instant as a clock here shows it, `2026-05-03T10:11`; empty where it is none. */
function byTheClock(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

/** An instant, chosen by the clock here and kept in UTC. */
function Moment({ field, id, value, described, invalid, onChange }: InputProps) {
  return (
    <input
      id={id}
      class="field"
      type="datetime-local"
      required={field.required}
      value={byTheClock(value)}
      aria-describedby={described}
      aria-invalid={invalid}
      onInput={(event) => {
        const { value: chosen } = event.currentTarget;
        onChange(chosen && new Date(chosen).toISOString());
      }}
    />
  );
}

function inputOf({ field }: InputProps) {
  if (field.kind === "time") return Moment;
  if (field.name === "files" && field.kind === "list") return FilesInput;
  if (field.kind === "boolean" || field.choices.length) return Choice;
  if (field.of && field.kind === "text") return ReferenceInput;
  return field.kind === "long" || field.kind === "list" || field.kind === "json" ? Lines : Line;
}

interface Props extends Omit<InputProps, "described" | "id" | "invalid"> {
  problem: ComponentChildren; // empty where all is well
}

export function FieldInput(props: Props) {
  const { field, problem } = props;
  const id = `field-${field.name}`;
  const typed = field.kind === "list" && field.name !== "files";
  const help = [field.help, typed ? t("edit.a_line_each") : ""].filter(Boolean);
  const told = help.length > 0 || problem;
  const inner: InputProps = {
    ...props,
    id,
    described: told ? `${id}-told` : undefined,
    invalid: Boolean(problem),
  };
  const Input = inputOf(inner);
  return (
    <div class="form-field" data-field={field.name}>
      <label class="label" for={id}>
        {field.title}
        {field.unit && ` (${field.unit})`}
        {field.required && <span class="soft"> · {t("edit.required")}</span>}
      </label>
      <Input {...inner} />
      {told && (
        <div id={`${id}-told`} class="tiny">
          {problem && <div class="form-problem">{problem}</div>}
          {help.length > 0 && <div class="soft">{help.join(" ")}</div>}
        </div>
      )}
    </div>
  );
}
