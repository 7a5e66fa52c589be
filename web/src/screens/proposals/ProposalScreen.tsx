/** `/proposals/{id}`: one change that waits, before and after side by side. */
import { lang, t } from "../../i18n";
import { date, moment } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { href } from "../../router";
import { useResource } from "../../state/resource";
import { Loaded } from "../../ui/States";
import { Leaf } from "../account/Leaf";
import { Differences } from "../history/Differences";
import { shown, titleOf } from "../history/values";
import { FactList } from "../page/Facts";
import { pageOf } from "../page/pages";
import { Section } from "../page/Sheet";
import { Decision } from "./Decision";
import { ProposalMap } from "./ProposalMap";
import { type Proposal, proposalUrl } from "./types";
import "./proposals.css";

function decisionText({ decision }: Proposal): string {
  return decision ? `${decision.by} · ${moment(decision.at)}` : "";
}

function About({ of }: { of: Proposal }) {
  const { layer, row, before, state } = of;
  const held = before !== null || state === "accepted";
  return (
    <FactList
      facts={[
        [t("proposals.status"), t(`proposals.state.${state}`)],
        [
          t("proposals.row"),
          held ? (
            <a href={href(pageOf(layer, row))}>
              {layerTitle(layer)} {row}
            </a>
          ) : (
            `${layerTitle(layer)} ${row}`
          ),
        ],
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

/** The row has changed since: what the author saw, what it is now, what he asks for. */
function Stale({ of }: { of: Proposal }) {
  const { layer, clashes } = of;
  return (
    <section class="notice form-stale" role="alert">
      <strong>{t("proposals.stale")}</strong>
      {!of.now && <p>{t("proposals.gone")}</p>}
      {clashes && clashes.length > 0 && (
        <div class="scroll-x">
          <table class="leaf-table">
            <thead>
              <tr>
                <th>{t("edit.stale_field")}</th>
                <th>{t("proposals.base")}</th>
                <th>{t("proposals.now")}</th>
                <th>{t("proposals.asked")}</th>
              </tr>
            </thead>
            <tbody>
              {clashes.map(({ field, base, theirs, yours }) => (
                <tr key={field} data-field={field}>
                  <th scope="row">{titleOf(layer, field)}</th>
                  <td>{shown(layer, field, base)}</td>
                  <td>{shown(layer, field, theirs)}</td>
                  <td>{shown(layer, field, yours)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function One({ of, reload }: { of: Proposal; reload: () => void }) {
  const { layer, action, changes, may } = of;
  return (
    <>
      <About of={of} />
      {of.stale && <Stale of={of} />}
      <Section title={`${t("proposals.changed")}: ${t(`proposals.${action}`)}`}>
        <Differences layer={layer} action={action} changes={changes} />
        <ProposalMap of={of} />
      </Section>
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
      <Loaded of={found}>{(of) => <One of={of} reload={found.reload} />}</Loaded>
    </Leaf>
  );
}
