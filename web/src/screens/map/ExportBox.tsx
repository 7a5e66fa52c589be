/** What the map shows, as a file in any form that the server writes. */
import { useState } from "preact/hooks";
import type { BBox } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { layerTitle } from "../../i18n/words";
import { href, navigate } from "../../router";
import { facetted, type MapData } from "../../state/data";
import { fileUrl, makeLater } from "../../state/files";
import { type Format, useFormats } from "../../state/formats";
import { boxText } from "../../state/markers";
import { LAYERS, shownLayers } from "../../state/screen";
import { user } from "../../state/session";
import { useAction } from "../../ui/Form";
import { Icon } from "../../ui/Icon";

/** Layers of which the map loads what is in view alone: how many there are is not known here. */
const PARTLY = ["places", "admin_units"];

function sizeOf(layer: string, data: MapData): number | undefined {
  if (layer === "markers") return data.markers.counts.data?.total;
  return PARTLY.includes(layer) ? undefined : facetted(layer, data.all[layer] ?? []).length;
}

interface ChoiceProps {
  id: string;
  label: string;
  value: string;
  options: Format[];
  choose: (name: string) => void;
}

function Choice({ id, label, value, options, choose }: ChoiceProps) {
  return (
    <>
      <label class="label" for={id}>
        {label}
      </label>
      <select
        id={id}
        class="field"
        value={value}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {options.map(({ name, title }) => (
          <option value={name}>{title}</option>
        ))}
      </select>
    </>
  );
}

/** A file that takes long is made by the server, and fetched where the jobs are. */
function Later({ make }: { make: () => Promise<void> }) {
  const action = useAction();
  const begin = async () => {
    await make();
    navigate("/jobs");
  };
  return (
    <>
      <button type="button" class="button" disabled={action.busy} onClick={() => action.run(begin)}>
        <Icon name="jobs" />
        {t("export.later")}
      </button>
      {action.problem && (
        <p class="small" role="alert">
          {action.problem}
        </p>
      )}
    </>
  );
}

export function ExportBox({ data, box }: { data: MapData; box: BBox | null }) {
  const [wanted, setLayer] = useState<string>("markers");
  const [form, setForm] = useState("geojson");
  const [inView, setInView] = useState(false);
  const offered = LAYERS.filter((layer) => shownLayers.value.has(layer));
  const layer = offered.find((name) => name === wanted) ?? offered[0];
  const formats = useFormats(layer ?? "markers");
  if (!layer) return null;
  const format = formats.find(({ name }) => name === form) ?? (formats[0] as Format);
  const within = { bbox: inView && box ? boxText(box) : null };
  const url = fileUrl(layer, format.name, within);
  const size = inView ? undefined : sizeOf(layer, data);
  const layers = offered.map((name) => ({ name, title: layerTitle(name) }));
  return (
    <section class="export screen-only" aria-label={t("export.title")}>
      <h2 class="section-title">{t("export.title")}</h2>
      <Choice
        id="export-layer"
        label={t("export.layer")}
        value={layer}
        options={layers}
        choose={setLayer}
      />
      <Choice
        id="export-format"
        label={t("export.format")}
        value={format.name}
        options={formats}
        choose={setForm}
      />
      <label class="switch">
        <input type="checkbox" checked={inView} onChange={() => setInView(!inView)} />
        <span>{t("export.in_view")}</span>
      </label>
      <a class="button" data-testid={`export-${format.name}`} href={url} download>
        <Icon name="download" />
        {size === undefined
          ? t("export.button", { format: format.title })
          : t("export.button_n", { format: format.title, n: number(size) })}
      </a>
      {user.value && <Later make={() => makeLater(layer, format.name, within)} />}
      <a
        class="button plain"
        href={href("/connect", { layer, sel: null, at: null, panel: null, sheet: null })}
      >
        <Icon name="connect" /> {t("connect.title")}
      </a>
    </section>
  );
}
