/** `/history`: who changed what; `/history/{layer}/{id}`: the versions of one row. */
import { useState } from "preact/hooks";
import { request, url } from "../../api/client";
import { lang, t } from "../../i18n";
import { info, layerTitle } from "../../i18n/words";
import { href, query, setQuery } from "../../router";
import { dayEnd, dayStart } from "../../state/period";
import { useResource } from "../../state/resource";
import { useAction } from "../../ui/Form";
import { More } from "../../ui/More";
import { Empty, Loaded } from "../../ui/States";
import { Leaf } from "../account/Leaf";
import { pageOf } from "../page/pages";
import { Change, type Entry } from "./Change";

const PAGE = 20; // changes in one answer

interface Page {
  changes?: Entry[];
  versions?: Entry[];
  next: string | null;
}

const entriesOf = (page: Page): Entry[] => page.changes ?? page.versions ?? [];

/** Pages of one answer after another, each brought by a press. */
function Entries({ first, named, reload }: { first: Page; named: boolean; reload: () => void }) {
  const [more, setMore] = useState<Page[]>([]);
  const action = useAction();
  const pages = [first, ...more];
  const next = pages.at(-1)?.next ?? null;
  const bring = async () => {
    const page = await request<Page>(next ?? "");
    setMore((old) => [...old, page]);
  };
  const again = () => {
    setMore([]);
    reload();
  };
  const entries = pages.flatMap(entriesOf);
  if (!entries.length) return <Empty>{t("history.none")}</Empty>;
  return (
    <>
      <ol class="leaf-entries" reversed>
        {entries.map((entry) => (
          <Change key={entry.seq} entry={entry} named={named} onUndone={again} />
        ))}
      </ol>
      <More there={Boolean(next)} action={action} bring={bring} />
    </>
  );
}

const ASKED = ["layer", "actor", "since", "until", "import"] as const;

/** What is asked of the server; the last day of the period belongs to it. */
function wanted(name: (typeof ASKED)[number]): string | null {
  const given = query.value.get(name);
  if (name === "since") return dayStart(given);
  return name === "until" ? dayEnd(given) : given;
}

function DayField({ name }: { name: "since" | "until" }) {
  return (
    <div class="form-field">
      <label class="label" for={`history-${name}`}>
        {t(`history.${name}`)}
      </label>
      <input
        id={`history-${name}`}
        class="field"
        type="date"
        value={query.value.get(name) ?? ""}
        onChange={(event) => setQuery({ [name]: event.currentTarget.value })}
      />
    </div>
  );
}

/** The changes of one import alone, and the way to all. */
function OfImport() {
  const id = query.value.get("import");
  if (!id) return null;
  return (
    <p class="notice">
      {t("history.of_import")} <a href={`/import/${id}`}>{t("import.done")}</a> ·{" "}
      <a href={href("/history", { import: null })}>{t("history.all")}</a>
    </p>
  );
}

function Filters() {
  const chosen = (name: string) => query.value.get(name) ?? "";
  return (
    <div class="form-grid history-filters screen-only">
      <div class="form-field">
        <label class="label" for="history-layer">
          {t("export.layer")}
        </label>
        <select
          id="history-layer"
          class="field"
          value={chosen("layer")}
          onChange={(event) => setQuery({ layer: event.currentTarget.value })}
        >
          <option value="">{t("common.all")}</option>
          {info.value?.layers.map(({ name }) => (
            <option key={name} value={name}>
              {layerTitle(name)}
            </option>
          ))}
        </select>
      </div>
      <div class="form-field">
        <label class="label" for="history-actor">
          {t("history.actor")}
        </label>
        <input
          id="history-actor"
          class="field"
          value={chosen("actor")}
          onChange={(event) => setQuery({ actor: event.currentTarget.value.trim() })}
        />
      </div>
      <DayField name="since" />
      <DayField name="until" />
    </div>
  );
}

export function HistoryScreen({ layer, id }: { layer?: string; id?: string }) {
  const one = layer !== undefined && id !== undefined;
  const asked = Object.fromEntries(ASKED.map((name) => [name, wanted(name)]));
  const address = one
    ? `/api/collections/${layer}/items/${encodeURIComponent(id)}/history`
    : "/api/history";
  const page = url(address, { ...(one ? {} : asked), undoable: "true", limit: PAGE });
  const found = useResource<Page>(page);
  const name = found.data?.versions?.[0]?.title[lang.value] ?? layerTitle(layer ?? "");
  const title = one ? t("history.of", { name }) : t("history.title");
  return (
    <Leaf title={title} prints>
      {one ? (
        <p>
          <a href={href(pageOf(layer, id))}>{t("history.to_row")}</a>
        </p>
      ) : (
        <>
          <OfImport />
          <Filters />
        </>
      )}
      <Loaded of={found}>
        {(first) => (
          <Entries
            key={`${page}${entriesOf(first)[0]?.seq}`}
            first={first}
            named={!one}
            reload={found.reload}
          />
        )}
      </Loaded>
    </Leaf>
  );
}
