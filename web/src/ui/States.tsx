/** The four states that every view has: loading, empty, error, offline. */
import type { ComponentChildren } from "preact";
import { t } from "../i18n";
import { time } from "../i18n/format";
import type { Resource } from "../state/resource";

export function Loading({ lines = 4 }: { lines?: number }) {
  return (
    <div role="status" aria-label={t("state.loading")}>
      {Array.from({ length: lines }, (_, i) => (
        <span class="skeleton" style={{ width: `${90 - (i % 3) * 18}%` }} />
      ))}
    </div>
  );
}

export function Empty({ children }: { children?: ComponentChildren }) {
  return <p class="soft">{children ?? t("state.empty")}</p>;
}

function Problem({ of }: { of: Resource<unknown> }) {
  if (!of.error) return null;
  const { offline, detail, code } = of.error;
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
