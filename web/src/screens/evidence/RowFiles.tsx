/** The files of a row where it is shown; whoever may change the row adds and takes away. */
import { useState } from "preact/hooks";
import { ApiError, send, tagged } from "../../api/client";
import type { Feature } from "../../api/types";
import { filesUrl, itemUrl } from "../../api/urls";
import { t } from "../../i18n";
import { useMayEdit } from "../../state/may";
import { useResource } from "../../state/resource";
import { useAction } from "../../ui/Form";
import { Icon } from "../../ui/Icon";
import { texts } from "../page/format";
import type { Evidence, Listing } from "./files";
import { Gallery } from "./Gallery";
import { Uploader } from "./Uploader";

const PATCH = "application/merge-patch+json";
const STALE = 412; // HTTP status

/** Change the files of a row as it stands now; somebody else's change meanwhile is taken in. */
async function change(
  layer: string,
  id: string,
  next: (files: string[]) => string[],
  reason: string,
): Promise<string[]> {
  const row = await tagged<Feature>(itemUrl(layer, id));
  const files = next(texts(row.data.properties.files));
  const json = { properties: { files } };
  await send("PATCH", itemUrl(layer, id, { reason }), { json, type: PATCH, etag: row.etag });
  return files;
}

const changeFiles: typeof change = (...given) =>
  change(...given).catch((error) => {
    if (error instanceof ApiError && error.status === STALE) return change(...given);
    throw error;
  });

interface Props {
  layer: string;
  id: string;
  of: string; // what the files show, in words
  named: string[]; // hashes, as the row came
  editable: boolean; // whether the reader may change rows of the layer at all
}

export function RowFiles({ layer, id, of, named, editable }: Props) {
  const row = `${layer}/${id}`;
  const [held, setHeld] = useState(named);
  const [adding, setAdding] = useState(false);
  const [gone, setGone] = useState<Evidence | null>(null);
  const may = useMayEdit(layer, id, editable);
  const found = useResource<Listing>(held.length || adding ? filesUrl(row) : null);
  const action = useAction();
  const shown = (found.data?.files ?? []).filter(({ sha256 }) => held.includes(sha256));

  const put = async (file: Evidence) => {
    const { sha256 } = file;
    setHeld(
      await changeFiles(layer, id, (old) => [...new Set([...old, sha256])], t("evidence.added")),
    );
    setGone(null);
    found.reload();
  };
  const remove = async (file: Evidence) => {
    const without = (old: string[]) => old.filter((one) => one !== file.sha256);
    setHeld(await changeFiles(layer, id, without, t("evidence.removed")));
    setGone(file);
  };
  if (!held.length && !may) return null;
  return (
    <div class="row-files">
      <Gallery
        name={row}
        of={of}
        files={shown}
        row={() => row}
        busy={action.busy}
        onRemove={may ? (file) => void action.run(() => remove(file)) : undefined}
      />
      {gone && (
        <p class="small screen-only" role="status">
          {t("evidence.gone")}{" "}
          <button type="button" class="button" onClick={() => void action.run(() => put(gone))}>
            {t("history.undo")}
          </button>
        </p>
      )}
      {action.problem && (
        <p class="form-problem" role="alert">
          {action.problem}
        </p>
      )}
      {may && !adding && (
        <button
          type="button"
          class="button plain small screen-only"
          onClick={() => setAdding(true)}
        >
          <Icon name="camera" />
          {t("evidence.add")}
        </button>
      )}
      {may && adding && found.data && (
        <Uploader accepted={found.data.accepted} held={held.length} onBrought={put} />
      )}
    </div>
  );
}
