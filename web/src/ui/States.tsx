/** The four states that every view has: loading, empty, error, offline. */
import type { ComponentChildren } from "preact";
import { url } from "../api/client";
import { t } from "../i18n";
import { time } from "../i18n/format";
import { path, query, queryText } from "../router";
import type { Resource } from "../state/resource";
import { session } from "../state/session";

export function Loading({ lines = 4 }: { lines?: number }) {
  return (
    <div role="status" aria-label={t("state.loading")}>
      <span class="small soft">{t("state.loading")}</span>
      {Array.from({ length: lines }, (_, i) => (
        <span class="skeleton" style={{ width: `${90 - (i % 3) * 18}%` }} />
      ))}
    </div>
  );
}

export function Empty({ children }: { children?: ComponentChildren }) {
  return <p class="soft">{children ?? t("state.empty")}</p>;
}

const SIGN_IN = 401; // HTTP status
const SECOND_FACTOR = "second_factor_needed"; // code of the server

function SignInFirst() {
  const next = path.value + queryText(query.value);
  return (
    <div class="notice" role="alert">
      <p>{t("state.sign_in")}</p>
      <a class="button" href={url("/sign-in", { next })}>
        {t("account.sign_in")}
      </a>
    </div>
  );
}

/** The way to show the second factor, or to set one. */
function SecondFactorFirst() {
  const next = path.value + queryText(query.value);
  const known = session.value.second_factor === "needed";
  return (
    <div class="notice" role="alert">
      <p>{t("state.second_factor")}</p>
      <a class="button" href={known ? url("/sign-in", { next }) : "/account"}>
        {t("account.second_factor")}
      </a>
    </div>
  );
}

function Problem({ of }: { of: Resource<unknown> }) {
  if (!of.error) return null;
  const { offline, detail, code, status } = of.error;
  if (status === SIGN_IN) return <SignInFirst />;
  if (code === SECOND_FACTOR) return <SecondFactorFirst />;
  return (
    <div class="notice" role="alert">
      <strong>{t(offline ? "state.offline" : "state.error")}</strong>
      <div>{offline ? of.at && t("state.offline_since", { time: time(of.at) }) : detail}</div>
      {!offline && <div>{t("state.error_safe")}</div>}
      <button type="button" class="button" onClick={of.reload}>
        {t("state.retry")}
      </button>
      <div class="tiny">{t("state.code", { code })}</div>
    </div>
  );
}

/** Show `children(data)` when there is data, and what stands in its way when there is not. */
export function Loaded<T>(props: { of: Resource<T>; children: (data: T) => ComponentChildren }) {
  const { of } = props;
  return (
    <>
      <Problem of={of} />
      {of.data === null && of.loading && <Loading />}
      {of.data !== null && props.children(of.data)}
    </>
  );
}
