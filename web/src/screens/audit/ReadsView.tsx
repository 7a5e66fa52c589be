/** Who read what is not for everybody, and who took files away. */
import { auditUrl } from "../../api/urls";
import { t } from "../../i18n";
import { moment, number } from "../../i18n/format";
import { Icon } from "../../ui/Icon";
import { who } from "../history/reason";
import { asked, Filters } from "./Filters";
import { Paged } from "./Paged";
import { conditions, gathered, type LoggedRead, type Reads, sentence } from "./reading";

const PAGE = 50; // entries

interface Answer {
  reads: LoggedRead[];
  next: string | null;
}

function Sentence({ read }: { read: LoggedRead }) {
  const { before, name, after, link } = sentence(read);
  return (
    <>
      {before}
      {link ? <a href={link}>{name}</a> : name}
      {after}
    </>
  );
}

function Entry({ of: { read, since, times } }: { of: Reads }) {
  const system = read.via === "operator" && read.name === "system";
  const more = [
    times > 1 && t("read.times", { n: number(times), at: moment(since) }),
    !system && read.via === "token" && t("audit.by_token"),
    times === 1 && read.rows !== null && t("audit.rows", { n: number(read.rows) }),
    conditions(read),
  ];
  return (
    <li class="leaf-entry plain" data-read={read.id}>
      <div>
        <p class="break">
          <strong>{system ? t("audit.server") : who(read.name)}</strong> <Sentence read={read} />
        </p>
        <p class="small soft break">
          <span class="num">{moment(read.at)}</span>
          {more.filter(Boolean).map((words) => (
            <span key={String(words)}> · {words}</span>
          ))}
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
      <Paged
        url={auditUrl("/reads", { ...wanted, limit: PAGE })}
        of={(page: Answer) => gathered(page.reads)}
      >
        {(of: Reads) => <Entry key={of.read.id} of={of} />}
      </Paged>
    </>
  );
}
