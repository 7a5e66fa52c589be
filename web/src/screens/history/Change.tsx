/** One change as a sentence: who did what to which row, when and why, field by field. */
import { send } from "../../api/client";
import { lang, t } from "../../i18n";
import { moment } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { href } from "../../router";
import { useAction } from "../../ui/Form";
import { PAGES, pageOf } from "../page/pages";
import { type Action, type Difference, Differences, toldOf } from "./Differences";
import { reasonOf, who } from "./reason";
import { titleOf } from "./values";

export interface Entry {
  seq: number;
  at: string; // ISO 8601, UTC
  layer: string;
  id: string;
  title: { vi: string; en: string }; // what the row is called
  revision: number;
  action: Action;
  actor: string | null; // null where part of the change is hidden from the reader
  reason: string | null;
  changes: Difference[];
  undoable?: boolean; // now, and by the reader
}

const FEW = 4; // differences that are shown at once
const SAY_WHAT_THEY_ARE = ["markers", "positions"]; // layers whose titles do

function Undo({ entry, onDone }: { entry: Entry; onDone: () => void }) {
  const action = useAction();
  const undo = async () => {
    await send("POST", `/api/history/${entry.seq}/undo`);
    onDone();
  };
  return (
    <div class="screen-only">
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

/** The row by its name, with the way to its page, and to all that was done to it. */
function Row({ layer, id, title, action }: Entry) {
  const versions = href(`/history/${layer}/${encodeURIComponent(id)}`);
  const paged = PAGES.includes(layer) && action !== "retire";
  return (
    <>
      <a href={paged ? href(pageOf(layer, id)) : versions}>{title[lang.value]}</a>
      {!SAY_WHAT_THEY_ARE.includes(layer) && <span class="soft"> ({layerTitle(layer)})</span>}
    </>
  );
}

function Why({ entry, named }: { entry: Entry; named: boolean }) {
  const { words, imported } = reasonOf(entry.reason);
  const versions = `/history/${entry.layer}/${encodeURIComponent(entry.id)}`;
  return (
    <p class="small soft break">
      <span class="num">{moment(entry.at)}</span>
      {words && <> · {imported ? <a href={`/import/${imported}`}>{words}</a> : words}</>}
      {named && (
        <span class="screen-only">
          {" "}
          · <a href={href(versions)}>{t("history.of_row")}</a>
        </span>
      )}
    </p>
  );
}

interface Props {
  entry: Entry;
  named: boolean; // whether to say which row it is
  onUndone: () => void;
}

export function Change({ entry, named, onUndone }: Props) {
  const { layer, action } = entry;
  const told = toldOf(action, entry.changes);
  const fields = told.map(({ field }) => titleOf(layer, field)).join(", ");
  const few = action === "edit" && told.length <= FEW;
  return (
    <li class="leaf-entry plain" data-seq={entry.seq}>
      <div>
        <p class="break">
          <strong>{who(entry.actor)}</strong> {t(`history.did.${action}`)}{" "}
          {named && <Row {...entry} />}
          {!few && action === "edit" && `: ${fields}`}
        </p>
        <Why entry={entry} named={named} />
        {few ? (
          <Differences layer={layer} action={action} changes={told} />
        ) : (
          <details>
            <summary>{t("history.what", { n: told.length })}</summary>
            <Differences layer={layer} action={action} changes={told} />
          </details>
        )}
        {entry.undoable && <Undo entry={entry} onDone={onUndone} />}
      </div>
    </li>
  );
}
