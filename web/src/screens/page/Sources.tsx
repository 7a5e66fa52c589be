/** Sources, numbered by first use; a figure refers to them by `[n]`, on screen and on paper. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Properties } from "../../api/types";
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { named } from "../../i18n/words";
import { useMayAdd } from "../../state/may";
import { RowFiles } from "../evidence/RowFiles";
import { text, texts, wordOf } from "./format";

export interface SourceEntry {
  key: string; // id, or the words of the source where it has no row
  number: number;
  row: Properties | null;
}

export type SourceIndex = Map<string, SourceEntry>;

/** Number the sources of `rows` in their order; `known` are the source rows by id. */
export function indexSources(
  rows: readonly Properties[],
  known: readonly Properties[],
): SourceIndex {
  const byId = new Map(known.map((row) => [text(row.id), row]));
  const index: SourceIndex = new Map();
  for (const row of rows) {
    const key = sourceKey(row);
    if (!key || index.has(key)) continue;
    index.set(key, { key, number: index.size + 1, row: byId.get(key) ?? null });
  }
  return index;
}

/** What names the source of a row: its id, else its words; empty where it has none. */
export function sourceKey(row: Properties): string {
  return text(row.source_id) || text(row.source);
}

export const Sourced = createContext<SourceIndex>(new Map());

/** `[n]`, a link to the list below; nothing where the row states no source. */
export function Ref({ row }: { row: Properties }) {
  const entry = useContext(Sourced).get(sourceKey(row));
  if (!entry) return null;
  const title = t("page.source.of", { source: titleOf(entry) });
  return (
    <a
      class="leaf-ref"
      href={`#source-${entry.number}`}
      title={title}
      onClick={(e) => jump(e, entry)}
    >
      [{entry.number}]
    </a>
  );
}

function jump(event: Event, entry: SourceEntry): void {
  event.preventDefault();
  event.stopPropagation();
  const target = document.getElementById(`source-${entry.number}`);
  target?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}

function titleOf({ row, key }: SourceEntry): string {
  return (row && named(row)) || key;
}

/** An address that may be linked: http or https alone. */
export function safeUrl(value: unknown): string | null {
  return /^https?:\/\//i.test(text(value)) ? text(value) : null;
}

function Entry({ entry, editable }: { entry: SourceEntry; editable: boolean }) {
  const row = entry.row ?? {};
  const url = safeUrl(row.url);
  const parts = [
    wordOf("sources", "kind", row.kind),
    text(row.publisher),
    date(text(row.date)),
    text(row.licence),
  ];
  return (
    <li id={`source-${entry.number}`} value={entry.number} tabIndex={-1}>
      <strong>{titleOf(entry)}</strong>
      <div class="soft small">{parts.filter(Boolean).join(" · ")}</div>
      {url && (
        <a class="small break" href={url} rel="noreferrer" target="_blank">
          {url}
        </a>
      )}
      {entry.row && (
        <RowFiles
          layer="sources"
          id={text(row.id)}
          of={titleOf(entry)}
          named={texts(row.files)}
          editable={editable}
        />
      )}
    </li>
  );
}

export function SourceList() {
  const entries = [...useContext(Sourced).values()];
  const editable = useMayAdd("sources");
  if (!entries.length) return <p class="soft">{t("page.source.none")}</p>;
  return (
    <ol class="leaf-sources">
      {entries.map((entry) => (
        <Entry key={entry.key} entry={entry} editable={editable} />
      ))}
    </ol>
  );
}
