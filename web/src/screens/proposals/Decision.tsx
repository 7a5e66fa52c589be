/** What may be done with a proposal: its approver says yes or no, its author takes it back. */
import { useRef, useState } from "preact/hooks";
import { ApiError, send } from "../../api/client";
import { t } from "../../i18n";
import { useAction } from "../../ui/Form";
import { Findings } from "../import/Findings";
import { follow } from "../import/follow";
import { ProgressBar } from "../import/ProgressBar";
import type { Done, Finding, Progress } from "../import/types";
import type { Job } from "../jobs/job";
import { Section } from "../page/Sheet";
import { type Proposal, proposalUrl } from "./types";

const MOST_SHOWN = 20; // rows that are named

interface Props {
  of: Proposal;
  onDone: () => void; // look at it again
}

/** The row has changed since it was looked at, or a row of an import, which is named. */
const changedSince = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 412 || error.members.reason === "changed");

const namedIn = (error: unknown): Finding[] => {
  const found = error instanceof ApiError ? error.members.findings : null;
  return Array.isArray(found) ? (found as Finding[]).slice(0, MOST_SHOWN) : [];
};

export function Decision({ of, onDone }: Props) {
  const [note, setNote] = useState("");
  const [lacking, setLacking] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const action = useAction();
  const [named, setNamed] = useState<Finding[]>([]);
  const [progress, setProgress] = useState<Progress | null>(null);
  const say = note.trim() || null;
  const post = (what: string, json?: unknown) =>
    action.run(async () => {
      setNamed([]);
      try {
        const { data } = await send<Job | Done>("POST", `${proposalUrl(of.id)}/${what}`, { json });
        if (data && "progress" in data) await follow(data, setProgress);
      } catch (error) {
        setNamed(namedIn(error));
        if (!changedSince(error)) throw error;
        onDone();
        throw new Error(t("proposals.changed_again"));
      }
      onDone();
    });
  const reject = () => {
    setLacking(!say);
    if (say) void post("reject", { note: say });
    else field.current?.focus();
  };
  return (
    <Section title={t("proposals.decide")}>
      {of.may.decide && (
        <div class="form-field">
          <label class="label" for="proposal-note">
            {t("proposals.note_label")}
          </label>
          <textarea
            ref={field}
            id="proposal-note"
            class="field"
            rows={2}
            maxLength={500}
            value={note}
            aria-invalid={lacking}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
          {lacking && <p class="form-problem">{t("proposals.note_needed")}</p>}
        </div>
      )}
      {action.problem && (
        <p class="form-problem" role="alert">
          {action.problem}
        </p>
      )}
      <Findings of={named} notice />
      {action.busy && progress && <ProgressBar progress={progress} words={t("import.writing")} />}
      <div class="leaf-actions">
        {of.may.decide && (
          <>
            <button
              type="button"
              class="button primary"
              disabled={action.busy}
              onClick={() => post("accept", { revision: of.revision, note: say })}
            >
              {t("proposals.accept")}
            </button>
            <button type="button" class="button" disabled={action.busy} onClick={reject}>
              {t("proposals.reject")}
            </button>
          </>
        )}
        {of.may.withdraw && (
          <button
            type="button"
            class="button"
            disabled={action.busy}
            onClick={() => post("withdraw")}
          >
            {t("proposals.withdraw")}
          </button>
        )}
      </div>
    </Section>
  );
}
