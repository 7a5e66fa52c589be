/** Who changed what in a period: how often, by person and layer, with the way to the changes. */
import { url } from "../../api/client";
import { auditUrl } from "../../api/urls";
import { t } from "../../i18n";
import { moment, number } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { useResource } from "../../state/resource";
import { Empty, Loaded } from "../../ui/States";
import { who } from "../history/reason";
import { asked, chosen, Filters } from "./Filters";
import { ACTIONS, type Group, grouped, type Tally } from "./tally";

function Line({ group }: { group: Group }) {
  const { actor, layer, last } = group;
  const period = { since: chosen("since"), until: chosen("until") };
  return (
    <tr data-actor={actor} data-layer={layer}>
      <th scope="row">
        <a href={url("/history", { actor, layer, ...period })}>{who(actor)}</a>
        <div class="small soft">{layerTitle(layer)}</div>
      </th>
      {ACTIONS.map((action) => (
        <td key={action} class="num">
          {group[action] ? number(group[action]) : "–"}
        </td>
      ))}
      <td class="small">{moment(last)}</td>
    </tr>
  );
}

function Table({ changes }: { changes: Tally[] }) {
  const groups = grouped(changes);
  if (!groups.length) return <Empty>{t("history.none")}</Empty>;
  return (
    <div class="scroll-x">
      <table class="leaf-table audit-tally">
        <thead>
          <tr>
            <th>{t("history.actor")}</th>
            {ACTIONS.map((action) => (
              <th key={action}>{t(`history.${action}`)}</th>
            ))}
            <th>{t("audit.last")}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Line key={`${group.actor} ${group.layer}`} group={group} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ChangesView() {
  const { since, until } = asked();
  const found = useResource<{ changes: Tally[] }>(auditUrl("/changes", { since, until }));
  const period = { since: chosen("since"), until: chosen("until") };
  return (
    <>
      <Filters person={false} />
      <Loaded of={found}>{({ changes }) => <Table changes={changes} />}</Loaded>
      <p class="leaf-actions">
        <a class="button" href={url("/history", period)}>
          {t("audit.to_history")}
        </a>
      </p>
    </>
  );
}
