/** Who signed in, who failed to, and what was done to accounts. */
import { auditUrl } from "../../api/urls";
import { t } from "../../i18n";
import { moment } from "../../i18n/format";
import { label, words } from "../../i18n/words";
import { setQuery } from "../../router";
import { who } from "../history/reason";
import { asked, chosen, Filters } from "./Filters";
import { Paged } from "./Paged";

const PAGE = 50; // entries
const FAILED = /_failed$/;

interface AccountEvent {
  id: number;
  at: string; // ISO 8601, UTC
  kind: string;
  actor: string;
  about: string | null; // login
  address: string | null;
}

interface Answer {
  events: AccountEvent[];
  next: string | null;
}

function KindField() {
  return (
    <div class="form-field">
      <label class="label" for="audit-kind">
        {t("audit.kind")}
      </label>
      <select
        id="audit-kind"
        class="field"
        value={chosen("kind")}
        onChange={(event) => setQuery({ kind: event.currentTarget.value })}
      >
        <option value="">{t("common.all")}</option>
        {words("account_event").map(({ value }) => (
          <option key={value} value={value}>
            {label("account_event", value)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Entry({ event }: { event: AccountEvent }) {
  const { kind, actor, about, address } = event;
  const nobody = actor === "anonymous";
  const name = nobody ? (about ?? t("audit.unknown_name")) : who(actor);
  const other = about && about !== actor && !nobody ? ` → ${about}` : "";
  return (
    <li class="leaf-entry plain" data-kind={kind}>
      <div>
        <p class="break">
          <strong>{name}</strong>{" "}
          <span class={FAILED.test(kind) ? "audit-failed" : ""}>
            {label("account_event", kind)}
          </span>
          {other}
        </p>
        <p class="small soft">
          <span class="num">{moment(event.at)}</span>
          {address && <span class="num"> · {address}</span>}
        </p>
      </div>
    </li>
  );
}

export function EventsView() {
  const wanted = { ...asked(), kind: chosen("kind"), limit: PAGE };
  return (
    <>
      <Filters>
        <KindField />
      </Filters>
      <Paged url={auditUrl("/events", wanted)} of={(page: Answer) => page.events}>
        {(event: AccountEvent) => <Entry key={event.id} event={event} />}
      </Paged>
    </>
  );
}
