/** The fourth step: all rows are written under one reason, or sent to an approver, or none. */
import { useState } from "preact/hooks";
import { ApiError, send, url } from "../../api/client";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { SmallForm, TextField, useAction } from "../../ui/Form";
import type { Proposal } from "../proposals/types";
import { Findings } from "./Findings";
import { stepHref } from "./links";
import { finish, propose } from "./Result";
import type { Done, Finding, Preview, Told } from "./types";
import { type Import, importUrl } from "./useImport";
import { wrongIn } from "./words";

const MOST_SHOWN = 20; // findings of a refusal; the check shows all

function refusedBy(error: unknown): Finding[] {
  const found = error instanceof ApiError ? error.members.findings : null;
  return Array.isArray(found) ? (found as Finding[]) : [];
}

interface Props {
  made: Told & Preview;
  of: Import;
}

const ALONE = { way: "commit", press: "import.write", busy: "import.writing" } as const;
const WAITING = { way: "propose", press: "import.propose", busy: "import.proposing" } as const;

function Ready({ made, of }: Props) {
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<Finding[]>([]);
  const action = useAction();
  const { create = 0, change = 0, same = 0, approvals = 0 } = made.counts;
  const words = approvals ? WAITING : ALONE;
  const write = async () => {
    setRefused([]);
    try {
      const to = url(`${importUrl(made.id)}/${words.way}`, { reason: reason.trim() });
      const { data } = await send<Done | Proposal | Told>("POST", to);
      if (data && "written" in data) finish(data, made.id);
      else if (data && "author" in data) propose(data.id, made.id);
      else if (data) of.take(data); // a job writes it
    } catch (error) {
      setRefused(refusedBy(error));
      throw error;
    }
  };
  const counts = { create: number(create), change: number(change), same: number(same) };
  return (
    <>
      {approvals > 0 && <p>{t("import.needs_approver", { n: number(approvals) })}</p>}
      <p>{t("import.will_write", counts)}</p>
      {made.problem?.detail && (
        <p class="form-problem" role="alert">
          {made.problem.detail}
        </p>
      )}
      <SmallForm action={action} words={t(words.press)} onSubmit={write}>
        <TextField
          label={t("import.reason")}
          help={t("import.reason_help")}
          required
          maxLength={500}
          value={reason}
          onValue={setReason}
        />
        {action.busy && <p role="status">{t(words.busy)}</p>}
        <Findings of={(made.problem?.findings ?? refused).slice(0, MOST_SHOWN)} notice />
      </SmallForm>
    </>
  );
}

export function Write(props: Props) {
  if (!wrongIn(props.made)) return <Ready {...props} />;
  return (
    <div class="notice">
      <p>{t("import.has_errors")}</p>
      <a class="button" href={stepHref("check", { level: "error" })}>
        {t("import.see_errors")}
      </a>
    </div>
  );
}
