/** The chain of the history: where it stands, where it was signed, and a button that proves it. */
import { useState } from "preact/hooks";
import { request } from "../../api/client";
import { auditUrl } from "../../api/urls";
import { t } from "../../i18n";
import { moment, number } from "../../i18n/format";
import { label } from "../../i18n/words";
import { useResource } from "../../state/resource";
import { type Action, useAction } from "../../ui/Form";
import { Icon } from "../../ui/Icon";
import { Empty, Loaded } from "../../ui/States";
import { type Figure, KeyFigures } from "../page/Facts";
import { Section } from "../page/Sheet";
import { here } from "./Paged";

interface Fault {
  seq: number;
  kind: string;
  detail: string;
}

interface Audited {
  entries: number;
  signed: number;
  fault: Fault | null;
}

interface Part extends Audited {
  of: number;
  done: boolean;
  next: string | null;
}

interface Checkpoint {
  seq: number;
  hash: string;
  at: string;
  key: string;
}

interface State {
  entries: number;
  last_at: string | null;
  key: string | null;
  files: { name: string; readable: boolean; checkpoints: number; damaged: number }[];
  checkpoints: Checkpoint[];
  verified: (Audited & { at: string; actor: string }) | null;
}

function figures({ entries, last_at, checkpoints, verified }: State): Figure[] {
  const [signed] = checkpoints;
  return [
    {
      unit: t("audit.entries"),
      value: number(entries),
      note: last_at && t("audit.last_change", { at: moment(last_at) }),
    },
    {
      unit: t("audit.signed_to"),
      value: signed ? number(signed.seq) : "–",
      note: signed ? moment(signed.at) : t("audit.never_signed"),
    },
    {
      unit: t("audit.verified_to"),
      value: verified ? number(verified.entries) : "–",
      note: verified
        ? t("audit.verified_by", { at: moment(verified.at), name: verified.actor })
        : t("audit.never_verified"),
    },
  ];
}

function Found({ of }: { of: Audited }) {
  if (of.fault) {
    const { seq, kind, detail } = of.fault;
    return (
      <div class="audit-fault" role="alert">
        <strong>{t("audit.fault", { seq: number(seq), kind: label("tampering", kind) })}</strong>
        <p>{t("audit.fault_means", { n: number(of.entries) })}</p>
        <p class="tiny" lang="en">
          {detail}
        </p>
      </div>
    );
  }
  const signed = of.signed ? t("audit.sound_signed", { n: number(of.signed) }) : "";
  return (
    <p class="audit-sound" role="status">
      <Icon name="check" /> {t("audit.sound", { n: number(of.entries) })} {signed}
    </p>
  );
}

function useVerifying(action: Action, onDone: () => void) {
  const [part, setPart] = useState<Part | null>(null);
  const verify = async () => {
    setPart(null);
    let next: string | null = auditUrl("/verification");
    while (next) {
      const found: Part = await request<Part>(next);
      setPart(found);
      next = found.next && here(found.next);
    }
    onDone();
  };
  return { part, verify: () => void action.run(verify) };
}

function Verification({ state, onDone }: { state: State; onDone: () => void }) {
  const action = useAction();
  const { part, verify } = useVerifying(action, onDone);
  const told = part?.done ? part : state.verified;
  return (
    <>
      <div class="leaf-actions">
        <button type="button" class="button primary" disabled={action.busy} onClick={verify}>
          {t(action.busy ? "audit.verifying" : "audit.verify")}
        </button>
      </div>
      {action.busy && (
        <label class="audit-progress">
          <span class="small soft num">
            {t("audit.so_far", {
              n: number(part?.entries ?? 0),
              of: number(part?.of ?? state.entries),
            })}
          </span>
          <progress value={part?.entries ?? 0} max={part?.of ?? state.entries} />
        </label>
      )}
      {action.problem && (
        <p class="form-problem" role="alert">
          {action.problem}
        </p>
      )}
      {told && !action.busy && <Found of={told} />}
    </>
  );
}

function Checkpoints({ state }: { state: State }) {
  const { checkpoints, files, key } = state;
  if (!files.length) return <p class="leaf-empty">{t("audit.not_signing")}</p>;
  return (
    <>
      <ul class="audit-files">
        {files.map((file) => (
          <li key={file.name}>
            <code>{file.name}</code>{" "}
            {file.readable ? (
              t("audit.file_holds", { n: number(file.checkpoints) })
            ) : (
              <strong>{t("audit.file_gone")}</strong>
            )}
            {file.damaged > 0 && (
              <strong> {t("audit.file_damaged", { n: number(file.damaged) })}</strong>
            )}
          </li>
        ))}
      </ul>
      {key && <p class="small soft">{t("audit.key_is", { key })}</p>}
      {checkpoints.length === 0 ? (
        <Empty>{t("audit.never_signed")}</Empty>
      ) : (
        <div class="scroll-x">
          <table class="leaf-table">
            <thead>
              <tr>
                <th>{t("audit.entry")}</th>
                <th>{t("audit.signed_at")}</th>
                <th>{t("audit.key")}</th>
              </tr>
            </thead>
            <tbody>
              {checkpoints.map(({ seq, at, key: by, hash }) => (
                <tr key={`${seq}${at}`} title={hash}>
                  <th scope="row" class="num">
                    {number(seq)}
                  </th>
                  <td class="num">{moment(at)}</td>
                  <td>
                    <code>{by}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

export function ChainView() {
  const found = useResource<State>(auditUrl());
  return (
    <Loaded of={found}>
      {(state) => (
        <>
          <KeyFigures figures={figures(state)} />
          <p class="soft">{t("audit.chain_why")}</p>
          <Verification state={state} onDone={found.reload} />
          <Section title={t("audit.checkpoints")}>
            <Checkpoints state={state} />
          </Section>
        </>
      )}
    </Loaded>
  );
}
