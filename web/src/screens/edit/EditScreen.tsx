/** `/edit/{layer}/{id}` changes a row, `/edit/{layer}` makes one. */
import { useEffect, useState } from "preact/hooks";
import { ApiError, tagged } from "../../api/client";
import type { Feature, FeatureCollection } from "../../api/types";
import { itemsUrl, itemUrl, schemaUrl } from "../../api/urls";
import { lang, t } from "../../i18n";
import { layerTitle, named } from "../../i18n/words";
import { navigate, query } from "../../router";
import { type Resource, useResource } from "../../state/resource";
import { asked as known } from "../../state/session";
import { Loaded, Loading } from "../../ui/States";
import { Frame } from "../page/Frame";
import { text } from "../page/format";
import { PAGES, pageOf } from "../page/pages";
import { proposalPage } from "../proposals/types";
import { type Base, MARKERS, NEW } from "./draft";
import { EditForm } from "./EditForm";
import type { Schema } from "./form";
import "./edit.css";

const ABOUT = "marker_id"; // of the address: the marker that a new row is about
const AT_ONCE: Record<string, string> = { inspections: "at" }; // layers of what happens now, its moment

/** A new row with what the address says of it, such as `?marker_id=vn-kh.48.0.1`. */
function asked(layer: string): Base {
  const moment = AT_ONCE[layer];
  const now = moment ? { [moment]: new Date().toISOString() } : {};
  const properties = { ...now, ...Object.fromEntries(query.value) };
  return { ...NEW, data: { ...NEW.data, properties } };
}

/** The marker that a new row is about; null until it is there. */
function useMarker(id: string | null): Feature | null {
  const asked = id && itemsUrl(MARKERS, { id, limit: 1 });
  return useResource<FeatureCollection>(asked).data?.features[0] ?? null;
}

/** The row as it stands now, with its tag: never from what was kept of it. */
function useBase(layer: string, id: string | null): Resource<Base> {
  const [state, setState] = useState<Omit<Resource<Base>, "reload">>({
    data: id === null ? asked(layer) : null,
    error: null,
    loading: id !== null,
    at: null,
    url: null,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (id === null) return;
    const abort = new AbortController();
    tagged<Feature>(itemUrl(layer, id), abort.signal).then(
      (data) => setState({ data, error: null, loading: false, at: new Date(), url: null }),
      (error) => {
        const known =
          error instanceof ApiError ? error : new ApiError(0, "internal", String(error));
        if (!abort.signal.aborted) setState((old) => ({ ...old, error: known, loading: false }));
      },
    );
    return () => abort.abort();
  }, [layer, id, round]);
  return { ...state, reload: () => setRound((n) => n + 1) };
}

function titleOf(layer: string, id: string | null, row: Feature | null): string {
  if (id === null) return t("edit.new", { layer: layerTitle(layer) });
  if (!row) return layerTitle(layer);
  const name = text(row.properties.number) || named(row.properties) || row.id;
  return t("edit.title", { layer: layerTitle(layer), name });
}

export function EditScreen({ layer, id = null }: { layer: string; id?: string | null }) {
  const schema = useResource<Schema>(schemaUrl(layer, lang.value));
  const base = useBase(layer, id);
  const near = useMarker(id === null ? (query.value.get(ABOUT) ?? null) : null);
  const title = titleOf(layer, id, base.data?.data ?? null);
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
  const back = id && PAGES.includes(layer) ? pageOf(layer, id) : "/";
  return (
    <Frame>
      <main class="leaf">
        <a class="leaf-back" href={back}>
          ‹ {t("edit.back")}
        </a>
        <h1>{title}</h1>
        {known.value ? (
          <Loaded of={schema}>
            {(shape) => (
              <Loaded of={base}>
                {(now) => (
                  <EditForm
                    key={`${layer}/${id}`}
                    layer={layer}
                    id={id}
                    schema={shape}
                    now={now}
                    near={near}
                    onSaved={(saved) => navigate(pageOf(layer, saved))}
                    onProposed={(made) => navigate(proposalPage(made))}
                  />
                )}
              </Loaded>
            )}
          </Loaded>
        ) : (
          <Loading />
        )}
      </main>
    </Frame>
  );
}
