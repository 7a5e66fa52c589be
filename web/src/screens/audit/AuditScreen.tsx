/** `/audit`: whether the history is as it was written, and who changed, read and signed in. */
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { href, navigate, query } from "../../router";
import { asked, user } from "../../state/session";
import { Loading } from "../../ui/States";
import { Leaf } from "../account/Leaf";
import { ChainView } from "./ChainView";
import { ChangesView } from "./ChangesView";
import { EventsView } from "./EventsView";
import { ReadsView } from "./ReadsView";
import "./audit.css";

const VIEWS: Record<string, ComponentType> = {
  chain: ChainView,
  changes: ChangesView,
  reads: ReadsView,
  events: EventsView,
};
type View = "chain" | "changes" | "reads" | "events";
const NAMES = Object.keys(VIEWS) as View[];
const AUDITING = ["auditor", "admin"]; // roles

function Tabs({ open }: { open: View }) {
  return (
    <nav class="tabs audit-tabs" aria-label={t("audit.parts")}>
      {NAMES.map((name) => (
        <a
          key={name}
          class="tab"
          href={href("/audit", { view: name, kind: null })}
          aria-current={name === open ? "page" : undefined}
        >
          {t(`audit.${name}`)}
        </a>
      ))}
    </nav>
  );
}

function Parts() {
  const wanted = query.value.get("view") as View;
  const open = NAMES.includes(wanted) ? wanted : "chain";
  const View = VIEWS[open] as ComponentType;
  return (
    <>
      <Tabs open={open} />
      <View key={open} />
    </>
  );
}

export function AuditScreen() {
  const me = user.value;
  const nobody = asked.value && !me;
  useEffect(() => {
    if (nobody) navigate("/sign-in?next=/audit", { replace: true });
  }, [nobody]);
  const may = AUDITING.includes(me?.acts_as ?? "");
  return (
    <Leaf title={t("audit.title")} prints>
      {!me && <Loading />}
      {me && !may && (
        <p class="notice">
          {t(AUDITING.includes(me.role) ? "account.lessened" : "audit.closed")}{" "}
          <a href="/account">{t("account.title")}</a>
        </p>
      )}
      {may && <Parts />}
    </Leaf>
  );
}
