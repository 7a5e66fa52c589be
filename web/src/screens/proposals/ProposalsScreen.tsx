/** `/proposals`: the changes that wait, one's own and those that one may approve. */
import { useState } from "preact/hooks";
import { request } from "../../api/client";
import { lang, t } from "../../i18n";
import { moment, number } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { href, query, setQuery } from "../../router";
import { useResource } from "../../state/resource";
import { useAction } from "../../ui/Form";
import { More } from "../../ui/More";
import { Empty, Loaded } from "../../ui/States";
import { Leaf } from "../account/Leaf";
import { titleOf } from "../history/values";
import { type Brief, listUrl, proposalPage } from "./types";
import "./proposals.css";

interface Page {
  proposals: Brief[];
  next: string | null;
}

function Entry({ of }: { of: Brief }) {
  const fields = of.action === "edit" ? of.fields.map((name) => titleOf(of.layer, name)) : [];
  const rows = of.import && t("proposals.rows_n", { n: number(of.import.rows) });
  return (
    <li class="leaf-entry plain">
      <div>
        <p>
          <a href={href(proposalPage(of.id), { show: null })}>
            <strong>{of.title[lang.value]}</strong>
          </a>{" "}
          <span class="tag">{t(`proposals.state.${of.state}`)}</span>{" "}
          {of.stale && <span class="tag">{t("proposals.changed_since")}</span>}
        </p>
        <p class="small">
          {t(`proposals.${of.action}`)} · {layerTitle(of.layer)}
          {rows && ` · ${rows}`}
          {fields.length > 0 && ` · ${fields.join(", ")}`}
        </p>
        <p class="small soft">
          <span class="num">{moment(of.made_at)}</span> · {of.author}
          {of.mine && ` (${t("proposals.mine")})`} · {of.reason}
        </p>
      </div>
    </li>
  );
}

/** Pages of the list one after another, each brought by a press. */
function Entries({ first }: { first: Page }) {
  const [more, setMore] = useState<Page[]>([]);
  const action = useAction();
  const pages = [first, ...more];
  const next = pages.at(-1)?.next ?? null;
  const bring = async () => {
    const page = await request<Page>(next ?? "");
    setMore((old) => [...old, page]);
  };
  const entries = pages.flatMap((page) => page.proposals);
  if (!entries.length) return <Empty>{t("proposals.none")}</Empty>;
  return (
    <>
      <ul class="leaf-entries">
        {entries.map((of) => (
          <Entry key={of.id} of={of} />
        ))}
      </ul>
      <More there={Boolean(next)} action={action} bring={bring} />
    </>
  );
}

function Choice({ all }: { all: boolean }) {
  return (
    <fieldset class="leaf-actions proposals-choice">
      <legend class="visually-hidden">{t("proposals.filter")}</legend>
      {[false, true].map((every) => (
        <button
          key={String(every)}
          type="button"
          class={every === all ? "button primary" : "button"}
          aria-pressed={every === all}
          onClick={() => setQuery({ show: every ? "all" : null })}
        >
          {t(every ? "proposals.all" : "proposals.open")}
        </button>
      ))}
    </fieldset>
  );
}

export function ProposalsScreen() {
  const all = query.value.get("show") === "all";
  const address = listUrl(all ? null : "open");
  const found = useResource<Page>(address);
  return (
    <Leaf title={t("proposals.title")}>
      <Choice all={all} />
      <Loaded of={found}>{(first) => <Entries key={found.at?.getTime()} first={first} />}</Loaded>
    </Leaf>
  );
}
