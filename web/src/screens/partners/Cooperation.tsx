/** Agreements with what was promised in them, and exchanges. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Properties } from "../../api/types";
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { localText, named } from "../../i18n/words";
import { useMayAdd } from "../../state/may";
import { RowFiles } from "../evidence/RowFiles";
import { spanText, text, texts, wordOf } from "../page/format";
import { Section } from "../page/Sheet";
import { Ref } from "../page/Sources";
import { newestFirst, withCommitments } from "./summary";

const Editable = createContext<string[]>([]); // layers of which the reader may change some rows

function joined(parts: string[]): string {
  return parts.filter(Boolean).join(" · ");
}

/** `ký 12/03/2004`, `hiệu lực từ …`, `hết hiệu lực …`, else the source's words. */
export function agreementDates(row: Properties): string {
  const parts = [
    row.signed && t("partner.signed", { date: date(text(row.signed)) }),
    row.effective && t("partner.effective", { date: date(text(row.effective)) }),
    row.expires && t("partner.expires", { date: date(text(row.expires)) }),
  ].map(text);
  return joined(parts) || text(row.dates_text) || t("partner.undated");
}

function Files({ layer, row }: { layer: string; row: Properties }) {
  const editable = useContext(Editable).includes(layer);
  return (
    <RowFiles
      layer={layer}
      id={text(row.id)}
      of={named(row)}
      named={texts(row.files)}
      editable={editable}
    />
  );
}

function Commitment({ row }: { row: Properties }) {
  const due = text(row.due_text) || date(text(row.due));
  return (
    <li>
      <span class="state-chip">{wordOf("commitments", "state", row.state || "unknown")}</span>{" "}
      {named(row)} <Ref row={row} />
      <div class="small soft">
        {joined([
          due && t("partner.due", { date: due }),
          row.owner ? t("partner.owner", { name: text(row.owner) }) : "",
          localText(row, "evidence")
            ? t("partner.evidence", { text: localText(row, "evidence") })
            : "",
        ])}
      </div>
      {localText(row, "note") ? <div class="small">{localText(row, "note")}</div> : null}
      <Files layer="commitments" row={row} />
    </li>
  );
}

function Commitments({ rows }: { rows: Properties[] }) {
  if (!rows.length) return null;
  return (
    <ul class="commitments">
      {rows.map((row) => (
        <Commitment key={text(row.id)} row={row} />
      ))}
    </ul>
  );
}

function Agreement({ row, commitments }: { row: Properties; commitments: Properties[] }) {
  return (
    <li class="leaf-entry plain">
      <div>
        <strong>{named(row)}</strong> <Ref row={row} />
        <div class="num">{agreementDates(row)}</div>
        <div class="small soft">
          {joined([
            wordOf("agreements", "kind", row.kind),
            wordOf("agreements", "level", row.level),
            texts(row.parties).join(" – "),
          ])}
        </div>
        {texts(row.topics).length > 0 && <div class="small">{texts(row.topics).join("; ")}</div>}
        {localText(row, "note") ? <div class="small">{localText(row, "note")}</div> : null}
        <Files layer="agreements" row={row} />
        <Commitments rows={commitments} />
      </div>
    </li>
  );
}

interface Rows {
  agreements: Properties[];
  commitments: Properties[];
}

export function AgreementSection({ agreements, commitments }: Rows) {
  const groups = withCommitments(newestFirst(agreements, "signed"), commitments);
  const [mayAgree, mayPromise] = [useMayAdd("agreements"), useMayAdd("commitments")];
  const editable = [mayAgree && "agreements", mayPromise && "commitments"].filter(Boolean);
  const promisesAlone = groups.length > 0 && !agreements.length;
  return (
    <Section
      title={t("partner.agreements_title")}
      count={promisesAlone ? undefined : agreements.length}
      empty={t("partner.agreements_empty")}
    >
      <Editable.Provider value={editable as string[]}>
        <ul class="leaf-entries">
          {groups.map(({ agreement, commitments: rows }) =>
            agreement ? (
              <Agreement key={text(agreement.id)} row={agreement} commitments={rows} />
            ) : (
              <li key="loose" class="leaf-entry plain">
                <div>
                  <strong>{t("partner.commitments_loose")}</strong>
                  <Commitments rows={rows} />
                </div>
              </li>
            ),
          )}
        </ul>
      </Editable.Provider>
    </Section>
  );
}

function Exchange({ row }: { row: Properties }) {
  return (
    <li class="leaf-entry plain">
      <div>
        <strong>{named(row)}</strong> <Ref row={row} />
        <div class="num">{spanText(row.date_from, row.date_to) || t("partner.undated")}</div>
        <div class="small soft">
          {joined([
            wordOf("exchanges", "kind", row.kind),
            text(row.place),
            texts(row.parties).join(" – "),
          ])}
        </div>
        {row.outcome ? <div class="small">{text(row.outcome)}</div> : null}
        {localText(row, "note") ? <div class="small">{localText(row, "note")}</div> : null}
      </div>
    </li>
  );
}

export function ExchangeSection({ exchanges }: { exchanges: Properties[] }) {
  return (
    <Section
      title={t("partner.exchanges")}
      count={exchanges.length}
      empty={t("partner.exchanges_empty")}
    >
      <ul class="leaf-entries">
        {newestFirst(exchanges, "date_from").map((row) => (
          <Exchange key={text(row.id)} row={row} />
        ))}
      </ul>
    </Section>
  );
}
