/** `/proposals/{id}`: one change that waits, before and after side by side. */
import { lang, t } from "../../i18n";
import { date, moment } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { href } from "../../router";
import { useResource } from "../../state/resource";
import { Loaded } from "../../ui/States";
import { Leaf } from "../account/Leaf";
import { Differences } from "../history/Differences";
import { FactList } from "../page/Facts";
import { pageOf } from "../page/pages";
import { Section } from "../page/Sheet";
import { Decision } from "./Decision";
import { ImportRows } from "./ImportRows";
import { ProposalMap } from "./ProposalMap";
import { Stale } from "./Stale";
import { type Proposal, proposalUrl } from "./types";
import "./proposals.css";

function decisionText({ decision }: Proposal): string {
  return decision ? `${decision.by} · ${moment(decision.at)}` : "";
}

function rowOf({ layer, row, title, before, state }: Proposal) {
  const name = `${title[lang.value]} (${layerTitle(layer)})`;
  const held = row && (before !== null || state === "accepted");
  return held ? <a href={href(pageOf(layer, row))}>{name}</a> : name;
}

function About({ of }: { of: Proposal }) {
  return (
    <FactList
      facts={[
        [t("proposals.status"), t(`proposals.state.${of.state}`)],
        of.import ? [t("import.document"), of.import.document] : [t("proposals.row"), rowOf(of)],
        [t("proposals.by"), of.author],
        [t("proposals.made"), moment(of.made_at)],
        [t("proposals.date"), date(of.datetime)],
        [t("proposals.reason"), of.reason],
        [t("proposals.decided"), decisionText(of)],
        [t("proposals.note"), of.decision?.note],
      ]}
    />
  );
}

function What({ of }: { of: Proposal }) {
  const { layer, action, changes } = of;
  if (action === "import") return <ImportRows of={of} />;
  return (
    <>
      {of.stale && <Stale layer={layer} of={of} />}
      <Section title={`${t("proposals.changed")}: ${t(`proposals.${action}`)}`}>
        <Differences layer={layer} action={action} changes={changes} />
        <ProposalMap of={of} />
      </Section>
    </>
  );
}

function One({ of, at, reload }: { of: Proposal; at: number | undefined; reload: () => void }) {
  const { may } = of;
  return (
    <>
      <About of={of} />
      <What key={at} of={of} />
      {(may.decide || may.withdraw) && <Decision of={of} onDone={reload} />}
    </>
  );
}

export function ProposalScreen({ id }: { id: string }) {
  const found = useResource<Proposal>(proposalUrl(id));
  const name = found.data?.title[lang.value];
  return (
    <Leaf title={name ? t("proposals.one", { name }) : t("proposals.title")}>
      <a class="leaf-back" href={href("/proposals")}>
        ‹ {t("proposals.title")}
      </a>
      <Loaded of={found}>
        {(of) => <One of={of} at={found.at?.getTime()} reload={found.reload} />}
      </Loaded>
    </Leaf>
  );
}
