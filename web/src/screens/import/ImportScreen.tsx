/** `/import` takes a file; `/import/{id}` is one on its way, or an import that was written. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { may } from "../../state/may";
import { asked, user } from "../../state/session";
import { Loaded, Loading } from "../../ui/States";
import { Leaf } from "../account/Leaf";
import { Another } from "./Another";
import { Check } from "./Check";
import { Choose } from "./Choose";
import { Columns } from "./Columns";
import { STEPS, type Step, stepHref, stepOf } from "./links";
import { ProgressBar } from "./ProgressBar";
import { finish, propose, Result } from "./Result";
import { isReady, isWorking, type Preview, type Told } from "./types";
import { type Import, useImport } from "./useImport";
import { forget, note, Waiting } from "./Waiting";
import { Write } from "./Write";
import "./import.css";

const WRITTEN = /^n[0-9a-f]{24}$/; // id of an import in the history

/** Why this reader may not import, and what he can do. */
function Refused() {
  const me = user.value;
  if (!me)
    return (
      <div class="notice" role="alert">
        <p>{t("import.sign_in")}</p>
        <a class="button" href={`/sign-in?next=${encodeURIComponent(location.pathname)}`}>
          {t("account.sign_in")}
        </a>
      </div>
    );
  return (
    <div class="notice" role="alert">
      <p>{t(me.acts_as === me.role ? "import.not_allowed" : "account.lessened")}</p>
      <a class="button" href="/account">
        {t("nav.account")}
      </a>
    </div>
  );
}

function Steps({ at }: { at: Step | "file" }) {
  const all = ["file", ...STEPS] as const;
  return (
    <ol class="import-steps">
      {all.map((step, i) => {
        const name = `${i + 1}. ${t(`import.step.${step}`)}`;
        const current = step === at ? "step" : undefined;
        return (
          <li key={step} aria-current={current}>
            {step === "file" || at === "file" ? (
              <span>{name}</span>
            ) : (
              <a href={stepHref(step)} aria-current={current}>
                {name}
              </a>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** A step's heading takes the focus when the step changes, so that a screen reader begins there. */
function StepHead({ step }: { step: Step }) {
  const head = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) head.current?.focus();
    first.current = false;
  }, [step]);
  return (
    <h2 ref={head} tabIndex={-1} class="import-head">
      {t(`import.step.${step}`)}
    </h2>
  );
}

const DOING = { committing: "import.writing", proposing: "import.proposing" } as const;

/** An upload without a preview to look at: it is being read or written, or could not be read. */
function Unready({ told, of }: { told: Told; of: Import }) {
  const done = told.done;
  useEffect(() => {
    if (done && "proposal" in done) propose(done.proposal, told.id);
    else if (done) finish(done, told.id);
  }, [done]);
  if (!isWorking(told))
    return (
      <div class="notice" role="alert">
        <p>
          {told.problem?.detail ??
            t(told.state === "cancelled" ? "import.stopped" : "import.not_read")}
        </p>
        <div class="leaf-actions">
          <button type="button" class="button" disabled={of.changing.busy} onClick={of.again}>
            {t("import.again")}
          </button>
          <Another of={of} />
        </div>
      </div>
    );
  return (
    <>
      <ProgressBar
        progress={told.progress}
        words={t(DOING[told.state as keyof typeof DOING] ?? "import.reading")}
      />
      <p class="small soft">{t("import.may_leave")}</p>
      {told.job && (
        <button
          type="button"
          class="button"
          disabled={of.changing.busy || of.stopping}
          onClick={of.stop}
        >
          {t(of.stopping ? "import.stopping" : "import.stop")}
        </button>
      )}
    </>
  );
}

interface StepProps {
  made: Told & Preview;
  of: Import;
}

const BODIES = { columns: Columns, check: Check, write: Write };

function StepBody({ step, ...props }: StepProps & { step: Step }) {
  const Body = BODIES[step];
  return <Body {...props} />;
}

/** Why there is nothing to look at: it is gone, or what the reader is shown has changed. */
function Missing({ status, of }: { status: number; of: Import }) {
  return (
    <div class="notice" role="alert">
      <p>{t(status === 404 ? "import.gone" : "import.outdated")}</p>
      {status === 404 ? (
        <a class="button" href="/import">
          {t("import.another")}
        </a>
      ) : (
        <button type="button" class="button" disabled={of.changing.busy} onClick={of.again}>
          {t("import.again")}
        </button>
      )}
    </div>
  );
}

function Wizard({ id }: { id: string }) {
  const of = useImport(id);
  const step = stepOf();
  const { data, error } = of.held;
  const missing = error && [404, 409].includes(error.status) ? error.status : null;
  useEffect(() => {
    if (missing === 404) forget(id);
    else if (data) note(data);
  }, [data, missing]);
  return (
    <Leaf title={t("import.title_of", { name: data?.file ?? "…" })} wide>
      <Steps at={step} />
      <div class="visually-hidden" role="status">
        {of.changing.busy && t("import.judging")}
      </div>
      {of.changing.problem && (
        <p class="form-problem" role="alert">
          {of.changing.problem}
        </p>
      )}
      {missing ? (
        <Missing status={missing} of={of} />
      ) : (
        <Loaded of={of.held}>
          {(told) =>
            isReady(told) ? (
              <>
                <StepHead step={step} />
                <StepBody step={step} made={told} of={of} />
              </>
            ) : (
              <Unready told={told} of={of} />
            )
          }
        </Loaded>
      )}
    </Leaf>
  );
}

function Start() {
  return (
    <Leaf title={t("import.title")} wide>
      <Steps at="file" />
      <Choose />
      <Waiting />
    </Leaf>
  );
}

function Screen({ id }: { id: string | null }): ComponentChildren {
  if (id === null) return <Start />;
  return WRITTEN.test(id) ? <Result id={id} /> : <Wizard key={id} id={id} />;
}

export function ImportScreen({ id = null }: { id?: string | null }) {
  if (asked.value && may("import")) return <Screen id={id} />;
  return <Leaf title={t("import.title")}>{asked.value ? <Refused /> : <Loading />}</Leaf>;
}
