/** Small parts of forms: a field with its name, and what is being done about a press. */
import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { t } from "../i18n";

interface FieldProps extends Omit<JSX.InputHTMLAttributes, "onChange" | "value" | "id" | "label"> {
  label: string;
  help?: ComponentChildren;
  value: string;
  onValue: (text: string) => void;
}

export function TextField({ label, help, value, onValue, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div class="form-field">
      <label class="label" for={id}>
        {label}
      </label>
      <input
        {...rest}
        id={id}
        class="field"
        value={value}
        aria-describedby={help ? `${id}-help` : undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {help && (
        <div id={`${id}-help`} class="tiny soft">
          {help}
        </div>
      )}
    </div>
  );
}

export interface Action {
  busy: boolean;
  problem: string;
  run: (act: () => Promise<unknown>) => Promise<boolean>; // whether it was done
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setProblem("");
    try {
      await act();
      return true;
    } catch (error) {
      const offline = error instanceof ApiError && error.offline;
      setProblem(offline ? t("state.offline") : (error as Error).message);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run };
}

interface FormProps {
  action: Action;
  words: string; // on the button
  onSubmit: () => Promise<unknown>;
  children: ComponentChildren;
}

export function SmallForm({ action, words, onSubmit, children }: FormProps) {
  return (
    <form
      class="small-form"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(onSubmit);
      }}
    >
      {children}
      {action.problem && (
        <p class="form-problem" role="alert">
          {action.problem}
        </p>
      )}
      <div>
        <button type="submit" class="button primary" disabled={action.busy}>
          {words}
        </button>
      </div>
    </form>
  );
}
