/** `/jobs`: long work, how far it is, and what came of it. */
import { useEffect } from "preact/hooks";
import { send } from "../../api/client";
import { jobsUrl } from "../../api/urls";
import { type Key, lang, t } from "../../i18n";
import { moment, number } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { useResource } from "../../state/resource";
import { asked, user } from "../../state/session";
import { useAction } from "../../ui/Form";
import { Icon } from "../../ui/Icon";
import { Loaded, Loading } from "../../ui/States";
import { Leaf } from "../account/Leaf";
import { type Job, links, sizeText } from "./job";
import "../import/import.css";
import "./jobs.css";

const ASK_AGAIN = 2000; // ms between two looks while something is being done

const isOpen = ({ state }: Job): boolean => state === "waiting" || state === "running";

function Progress({ job }: { job: Job }) {
  const { done, of, ...words } = job.progress;
  const said = words[lang.value];
  const counted = of ? t("jobs.of", { n: number(done), of: number(of) }) : "";
  const name = [said, counted].filter(Boolean).join(": ");
  return (
    <>
      <progress
        aria-label={name || t(`jobs.state.${job.state}`)}
        value={of ? done : undefined}
        max={of ?? undefined}
      />
      <span class="small num">{name}</span>
    </>
  );
}

const SERVER = "cotmoc"; // whose jobs are nobody's

/** Whose the job is, where it is another's. */
function whose({ actor, by }: Job): string {
  if (actor === user.value?.id) return "";
  return actor === SERVER ? t("jobs.of_server") : t("jobs.of_other", { who: by });
}

/** What the job is about, as far as it says so. */
function about(job: Job): string {
  const { given } = job;
  const parts = [
    given.layer && layerTitle(given.layer),
    given.f?.toUpperCase(),
    given.file,
    ...Object.values(given.query ?? {}),
    whose(job),
  ];
  return parts.filter(Boolean).join(" · ");
}

function Outcome({ job }: { job: Job }) {
  const { file, screen } = links(job);
  return (
    <div class="leaf-actions">
      {file && (
        <a class="button primary" href={file} download>
          <Icon name="download" />
          {t("jobs.fetch", { size: sizeText(job) })}
        </a>
      )}
      {screen && (
        <a class="button" href={screen}>
          {t("jobs.open")}
        </a>
      )}
    </div>
  );
}

function JobEntry({ job, onChanged }: { job: Job; onChanged: () => void }) {
  const action = useAction();
  const cancel = async () => {
    await send("DELETE", `${jobsUrl}/${job.id}`);
    onChanged();
  };
  const state = job.cancelling ? "cancelling" : job.state;
  return (
    <li class="leaf-entry plain" data-job={job.id}>
      <div>
        <p>
          <strong>{job.title[lang.value]}</strong>{" "}
          <span class={`job-state ${job.state}`} data-testid="job-state">
            {t(`jobs.state.${state}` as Key)}
          </span>
        </p>
        <p class="small soft break">
          <span class="num">{moment(job.made)}</span> {about(job) && `· ${about(job)}`}
        </p>
        {isOpen(job) && <Progress job={job} />}
        {job.problem && <p class="form-problem">{job.problem.detail ?? job.problem.code}</p>}
        <Outcome job={job} />
        {isOpen(job) && !job.cancelling && (
          <button
            type="button"
            class="button"
            disabled={action.busy}
            onClick={() => action.run(cancel)}
          >
            {t("jobs.cancel")}
          </button>
        )}
        {action.problem && (
          <p class="form-problem" role="alert">
            {action.problem}
          </p>
        )}
      </div>
    </li>
  );
}

/** Tells a screen reader how many are under way, and nothing in between. */
function Summary({ jobs }: { jobs: Job[] }) {
  const open = jobs.filter(isOpen).length;
  return <p role="status">{open ? t("jobs.open_n", { n: open }) : t("jobs.open_none")}</p>;
}

function List() {
  const found = useResource<{ jobs: Job[] }>(jobsUrl);
  const jobs = found.data?.jobs ?? [];
  const waits = jobs.some(isOpen);
  useEffect(() => {
    if (!waits || found.loading) return;
    const timer = setTimeout(found.reload, ASK_AGAIN);
    return () => clearTimeout(timer);
  }, [waits, found.at, found.loading]);
  return (
    <Loaded of={found}>
      {() =>
        jobs.length ? (
          <>
            <Summary jobs={jobs} />
            <ul class="leaf-entries">
              {jobs.map((job) => (
                <JobEntry key={job.id} job={job} onChanged={found.reload} />
              ))}
            </ul>
          </>
        ) : (
          <p class="leaf-empty">{t("jobs.none")}</p>
        )
      }
    </Loaded>
  );
}

function Body() {
  if (!asked.value) return <Loading />;
  if (user.value) return <List />;
  return (
    <div class="notice" role="alert">
      <p>{t("jobs.sign_in")}</p>
      <a class="button" href="/sign-in?next=/jobs">
        {t("account.sign_in")}
      </a>
    </div>
  );
}

export function JobsScreen() {
  return (
    <Leaf title={t("jobs.title")} prints>
      <p>{t("jobs.lead")}</p>
      <Body />
    </Leaf>
  );
}
