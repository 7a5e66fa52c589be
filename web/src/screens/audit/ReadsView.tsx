/** Who read what is not for everybody, and who took files away. */
import { auditUrl } from "../../api/urls";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { Icon } from "../../ui/Icon";
import { moment } from "../history/Change";
import { asked, Filters } from "./Filters";
import { Paged } from "./Paged";
import { conditions, type LoggedRead, thing, verb } from "./reading";

const PAGE = 50; // entries

interface Answer {
  reads: LoggedRead[];
  next: string | null;
}

function Entry({ read }: { read: LoggedRead }) {
  const system = read.via === "operator" && read.name === "system";
  const more = [
    !system && read.via === "token" && t("audit.by_token"),
    read.rows !== null && t("audit.rows", { n: number(read.rows) }),
  ];
  return (
    <li class="leaf-entry plain" data-read={read.id}>
      <div>
        <p class="break">
          <strong>{system ? t("audit.server") : read.name}</strong> {verb(read)}{" "}
          <span>{thing(read)}</span>
        </p>
        <p class="small soft break">
          <span class="num">{moment(read.at)}</span>
          {more.filter(Boolean).map((words) => (
            <span key={String(words)}> · {words}</span>
          ))}
          {conditions(read) && <> · {conditions(read)}</>}
        </p>
      </div>
    </li>
  );
}

export function ReadsView() {
  const wanted = asked();
  return (
    <>
      <Filters />
      <p class="leaf-actions">
        <a class="button" href={auditUrl("/reads", { ...wanted, f: "csv" })} download>
          <Icon name="download" />
          {t("audit.csv")}
        </a>
      </p>
      <Paged url={auditUrl("/reads", { ...wanted, limit: PAGE })} of={(page: Answer) => page.reads}>
        {(read: LoggedRead) => <Entry key={read.id} read={read} />}
      </Paged>
    </>
  );
}
