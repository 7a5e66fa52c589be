/** The rows of an import that is proposed: how many of each kind, and each before and after. */
import { useMemo, useState } from "preact/hooks";
import { url } from "../../api/client";
import type { Feature } from "../../api/types";
import { lang, t } from "../../i18n";
import { number } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { bboxOf } from "../../map/geo";
import { MapView } from "../../map/MapView";
import { useResource } from "../../state/resource";
import { Empty, Loaded } from "../../ui/States";
import { Differences } from "../history/Differences";
import { useSurroundings } from "../page/context";
import { FactList } from "../page/Facts";
import { Section } from "../page/Sheet";
import { ProposalMap } from "./ProposalMap";
import { Stale } from "./Stale";
import {
  type OfImport,
  type Proposal,
  type ProposedRow,
  type ProposedRows,
  proposalUrl,
} from "./types";

const PAGE = 50; // rows

function Counts({ of }: { of: OfImport }) {
  const facts = Object.entries(of.counts).map(([layer, { create, edit }]): [string, string] => [
    layerTitle(layer),
    t("proposals.counts", { create: number(create), edit: number(edit) }),
  ]);
  return <FactList facts={facts} />;
}

/** Each row where it is to stand, under its number in the sheet. */
function signs(rows: ProposedRow[]): Feature[] {
  return rows.flatMap(({ row, after }) =>
    after?.geometry?.type === "Point"
      ? [
          {
            type: "Feature" as const,
            id: String(row),
            geometry: after.geometry,
            properties: { number: String(row), stage: "located", condition: "unknown" },
          },
        ]
      : [],
  );
}

function RowsMap({ rows }: { rows: ProposedRow[] }) {
  const markers = useMemo(() => signs(rows), [rows]);
  const bbox = useMemo(() => bboxOf(markers.map(({ geometry }) => geometry)), [markers]);
  const around = useSurroundings(bbox);
  const overlays = useMemo(() => ({ ...around, markers }), [around, markers]);
  if (!bbox) return null;
  return (
    <figure class="proposal-map">
      <div class="form-map">
        <MapView
          small
          label={t("proposals.map_rows")}
          overlays={overlays}
          fit={{ bbox, key: bbox.join() }}
        />
      </div>
      <figcaption class="small soft">{t("proposals.map_rows_help")}</figcaption>
    </figure>
  );
}

function RowEntry({ of }: { of: ProposedRow }) {
  const [open, setOpen] = useState(false);
  const name = of.title?.[lang.value] ?? t("proposals.row_hidden");
  return (
    <li class="leaf-entry plain" data-row={of.row}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          {t("import.row_of", { n: of.row, name })}{" "}
          <span class="tag">{t(`proposals.${of.action}`)}</span>{" "}
          {of.stale && <span class="tag">{t("proposals.changed_since")}</span>}
        </summary>
        {open && (
          <>
            {of.stale && <Stale layer={of.layer} of={of} />}
            <Differences layer={of.layer} action={of.action} changes={of.changes} />
            <ProposalMap of={of} />
          </>
        )}
      </details>
    </li>
  );
}

interface PagerProps {
  rows: ProposedRows;
  onStart: (start: number) => void;
}

function Pager({ rows: { start, rows, total }, onStart }: PagerProps) {
  const last = start + rows.length;
  const range = { from: number(start + 1), to: number(last), n: number(total) };
  return (
    <div class="leaf-actions">
      {start > 0 && (
        <button type="button" class="button" onClick={() => onStart(Math.max(0, start - PAGE))}>
          {t("import.previous")}
        </button>
      )}
      <span class="small num" role="status">
        {t("import.range", range)}
      </span>
      {last < total && (
        <button type="button" class="button" onClick={() => onStart(start + PAGE)}>
          {t("import.next")}
        </button>
      )}
    </div>
  );
}

/** All rows, or those alone that have changed since. */
function Choice({ changed, onChange }: { changed: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={changed}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{t("proposals.only_changed")}</span>
    </label>
  );
}

function Page({ rows, onStart }: PagerProps) {
  if (!rows.rows.length) return <Empty>{t("import.no_rows")}</Empty>;
  return (
    <>
      <RowsMap rows={rows.rows} />
      <ul class="leaf-entries proposal-rows">
        {rows.rows.map((row) => (
          <RowEntry key={`${row.row} ${row.layer} ${row.id}`} of={row} />
        ))}
      </ul>
      <Pager rows={rows} onStart={onStart} />
    </>
  );
}

export function ImportRows({ of }: { of: Proposal }) {
  const late = of.import?.changed ?? 0;
  const [changed, setChanged] = useState(false);
  const [start, setStart] = useState(0);
  const asked = { start: start || null, limit: PAGE, changed: changed ? "true" : null };
  const found = useResource<ProposedRows>(url(`${proposalUrl(of.id)}/rows`, asked));
  const choose = (on: boolean) => {
    setStart(0);
    setChanged(on);
  };
  return (
    <Section title={t("proposals.changed")}>
      {of.import && <Counts of={of.import} />}
      {of.import?.number && (
        <a class="button" href={`/import/${of.import.number}`}>
          {t("proposals.to_import")}
        </a>
      )}
      {late > 0 && (
        <div class="notice form-stale" role="alert">
          <strong>{t("proposals.stale_rows", { n: number(late) })}</strong>
          <Choice changed={changed} onChange={choose} />
        </div>
      )}
      <Loaded of={found}>{(rows) => <Page rows={rows} onStart={setStart} />}</Loaded>
    </Section>
  );
}
