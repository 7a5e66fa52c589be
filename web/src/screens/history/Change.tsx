/** One change: when, who, why, and field by field what was and what became. */
import { send } from "../../api/client";
import { t } from "../../i18n";
import { locale } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { href } from "../../router";
import { useAction } from "../../ui/Form";
import { type Action, type Difference, Differences } from "./Differences";

export interface Entry {
  seq: number;
  at: string; // ISO 8601, UTC
  layer: string;
  id: string;
  revision: number;
  action: Action;
  actor: string | null; // null where part of the change is hidden from the reader
  reason: string | null;
  changes: Difference[];
}

/** The moment by the reader's clock: `22/11/2026 18:02:44`. */
export function moment(at: string): string {
  const when = new Date(at);
  const day = { day: "2-digit", month: "2-digit", year: "numeric" } as const;
  const time = when.toLocaleTimeString(locale(), { timeStyle: "medium" });
  return `${when.toLocaleDateString(locale(), day)} ${time}`;
}

function Undo({ entry, onDone }: { entry: Entry; onDone: () => void }) {
  const action = useAction();
  const undo = async () => {
    await send("POST", `/api/history/${entry.seq}/undo`);
    onDone();
  };
  return (
    <div>
      <button type="button" class="button" disabled={action.busy} onClick={() => action.run(undo)}>
        {t("history.undo")}
      </button>
      {action.problem && (
        <p class="form-problem" role="alert">
          {action.problem}
        </p>
      )}
    </div>
  );
}

interface Props {
  entry: Entry;
  named: boolean; // whether to say which row it is
  onUndone: () => void;
}

export function Change({ entry, named, onUndone }: Props) {
  const row = `/history/${entry.layer}/${encodeURIComponent(entry.id)}`;
  return (
    <li class="leaf-entry plain" data-seq={entry.seq}>
      <div>
        <p>
          <strong>{t(`history.${entry.action}`)}</strong>{" "}
          {named && (
            <a href={href(row)}>
              {layerTitle(entry.layer)} {entry.id}
            </a>
          )}
        </p>
        <p class="small soft">
          <span class="num">{moment(entry.at)}</span> · {entry.actor ?? t("history.hidden")}
          {entry.reason && ` · ${entry.reason}`}
        </p>
        <details open={!named && entry.action === "edit"}>
          <summary>{t("history.what", { n: entry.changes.length })}</summary>
          <Differences layer={entry.layer} action={entry.action} changes={entry.changes} />
        </details>
        <Undo entry={entry} onDone={onUndone} />
      </div>
    </li>
  );
}
