/** The ways to a row's form and history, for those who may change it. */
import { url } from "../api/client";
import { t } from "../i18n";
import { layerTitle } from "../i18n/words";
import { useMayAdd, useMayEdit } from "../state/may";
import { Icon } from "./Icon";

export function EditLink({ layer, id }: { layer: string; id: string }) {
  if (!useMayEdit(layer, id)) return null;
  return (
    <>
      <a class="button" href={`/edit/${layer}/${encodeURIComponent(id)}`}>
        <Icon name="edit" />
        {t("edit.button")}
      </a>
      <a class="button" href={`/history/${layer}/${encodeURIComponent(id)}`}>
        <Icon name="list" />
        {t("history.button")}
      </a>
    </>
  );
}

interface AddProps {
  layer: string;
  of?: Record<string, string>; // what is known of the new row
}

export function AddLink({ layer, of = {} }: AddProps) {
  if (!useMayAdd(layer)) return null;
  return (
    <a class="button" href={url(`/edit/${layer}`, of)}>
      <Icon name="add" />
      {t("edit.new", { layer: layerTitle(layer) })}
    </a>
  );
}
