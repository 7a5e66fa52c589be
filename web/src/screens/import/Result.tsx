/** An import that was written: what it brought, its history, and the way back. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { ApiError, send } from "../../api/client";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { navigate } from "../../router";
import { useAction } from "../../ui/Form";
import { Leaf } from "../account/Leaf";
import type { Job } from "../jobs/job";
import { FactList } from "../page/Facts";
import { proposalPage } from "../proposals/types";
import { Findings } from "./Findings";
import { follow } from "./follow";
import { ProgressBar } from "./ProgressBar";
import type { Done, Finding, Progress } from "./types";
import { importUrl } from "./useImport";
import { forget } from "./Waiting";

/** What was written in this visit; the history alone keeps it. */
const known = signal<Record<string, Done>>({});

/** Go to an import that was written; its upload is no more. */
export function finish(done: Done, upload: string): void {
  forget(upload);
  known.value = { ...known.value, [done.import]: done };
  navigate(`/import/${done.import}`, { replace: true });
}

/** Go to the proposal that a file became; its upload is no more. */
export function propose(proposal: string, upload: string): void {
  forget(upload);
  navigate(proposalPage(proposal), { replace: true });
}

const historyOf = (id: string): string => `/history?import=${id}`;

function Undo({ id, onDone }: { id: string; onDone: (done: Done) => void }) {
  const action = useAction();
  const [refused, setRefused] = useState<Finding[]>([]);
  const [progress, setProgress] = useState<Progress | null>(null);
  const undo = async () => {
    setRefused([]);
    try {
      const { data } = await send<Done | Job>("POST", `${importUrl(id)}/undo`);
      if (data) onDone("import" in data ? data : await follow(data, setProgress));
    } catch (error) {
      const found = error instanceof ApiError ? error.members.findings : null;
      setRefused(Array.isArray(found) ? found : []);
      throw error;
    }
  };
  return (
    <>
      <button type="button" class="button" disabled={action.busy} onClick={() => action.run(undo)}>
        {t("import.undo")}
      </button>
      {action.busy && progress && <ProgressBar progress={progress} words={t("import.undoing")} />}
      {action.problem && (
        <div class="notice" role="alert">
          <p>{action.problem}</p>
          <Findings of={refused} />
        </div>
      )}
    </>
  );
}

function Written({ done }: { done: Done }) {
  const facts = Object.entries(done.written).map(([layer, n]): [string, string] => [
    layerTitle(layer),
    number(n),
  ]);
  return <FactList facts={facts} />;
}

export function Result({ id }: { id: string }) {
  const [undone, setUndone] = useState<Done | null>(null);
  const done = known.value[id];
  return (
    <Leaf title={t("import.done")}>
      <div role="status">
        <p>{undone ? t("import.undone") : t("import.done_lead")}</p>
      </div>
      {done && !undone && <Written done={done} />}
      <div class="leaf-actions">
        {!undone && <Undo id={id} onDone={setUndone} />}
        <a class="button" href={historyOf(undone?.import ?? id)}>
          {t("import.history")}
        </a>
        <a class="button" href="/">
          {t("import.to_map")}
        </a>
        <a class="button" href="/import">
          {t("import.another")}
        </a>
      </div>
    </Leaf>
  );
}
