/** The button under a list that brings its next page, and what went wrong with that. */
import { t } from "../i18n";
import type { Action } from "./Form";

interface Props {
  there: boolean; // is a next page
  action: Action;
  bring: () => Promise<unknown>;
}

export function More({ there, action, bring }: Props) {
  return (
    <>
      {there && (
        <button
          type="button"
          class="button"
          disabled={action.busy}
          onClick={() => void action.run(bring)}
        >
          {t("history.more")}
        </button>
      )}
      {action.problem && <p class="form-problem">{action.problem}</p>}
    </>
  );
}
