/** The first step: which file, and which layer its rows are of. */
import { useRef, useState } from "preact/hooks";
import { ApiError, url } from "../../api/client";
import { type Sending, STOPPED, sendFile } from "../../api/upload";
import { importsUrl, schemaUrl } from "../../api/urls";
import { lang, t } from "../../i18n";
import { number } from "../../i18n/format";
import { info, layerTitle } from "../../i18n/words";
import { navigate } from "../../router";
import { useResource } from "../../state/resource";
import { useAction } from "../../ui/Form";
import { Icon } from "../../ui/Icon";
import type { Schema } from "../edit/form";
import { saveText } from "../map/saveFile";
import { templateOf } from "./template";
import type { Told } from "./types";

const MOST_MB = 100; // of a file that the server takes
const ENDINGS = ".xlsx,.xlsm,.xls,.ods,.csv,.txt,.tsv,.geojson,.json,.gpkg,.zip,.kml,.kmz,.gpx";
const NOT_IMPORTED = ["admin_units"];
const MB = 1_000_000; // bytes

interface Sent {
  file: File;
  share: number; // of it that has gone, 0–1
}

function tooLarge({ size }: File): boolean {
  return size > MOST_MB * MB;
}

function unlessStopped(error: unknown): null {
  if (error instanceof ApiError && error.code === STOPPED) return null;
  throw error;
}

/** A file on its way: how much has gone, and then that it is being read. */
function Progress({ sent, onStop }: { sent: Sent; onStop: () => void }) {
  const { file, share } = sent;
  const all = share >= 1;
  const name = t(all ? "import.reading" : "import.sending", { name: file.name });
  return (
    <div class="import-progress">
      <p role="status">{name}</p>
      <progress aria-label={name} value={all ? undefined : share} max={1} />
      <button type="button" class="button" onClick={onStop}>
        {t("import.stop")}
      </button>
    </div>
  );
}

function Template({ layer }: { layer: string }) {
  const schema = useResource<Schema>(schemaUrl(layer, lang.value)).data;
  if (!schema) return null;
  const save = () => saveText(`${layer}.csv`, templateOf(schema, layer), "text/csv");
  return (
    <button type="button" class="button" onClick={save}>
      <Icon name="download" />
      {t("import.template", { layer: layerTitle(layer) })}
    </button>
  );
}

function LayerSelect({ layer, onChoose }: { layer: string; onChoose: (name: string) => void }) {
  const layers = info.value?.layers.filter(({ name }) => !NOT_IMPORTED.includes(name)) ?? [];
  return (
    <div class="form-field">
      <label class="label" for="import-layer">
        {t("import.layer")}
      </label>
      <select
        id="import-layer"
        class="field"
        value={layer}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {layers.map(({ name }) => (
          <option key={name} value={name}>
            {layerTitle(name)}
          </option>
        ))}
      </select>
    </div>
  );
}

function DropBox({ onFile }: { onFile: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file) onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field inside takes the keys
    <div
      class={over ? "import-drop over" : "import-drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label class="label" for="import-file">
        {t("import.file")}
      </label>
      <input
        id="import-file"
        class="field"
        type="file"
        accept={ENDINGS}
        aria-describedby="import-file-help"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) onFile(file);
        }}
      />
      <p id="import-file-help" class="tiny soft">
        {t("import.file_help", { mb: MOST_MB })}
      </p>
    </div>
  );
}

export function Choose() {
  const [layer, setLayer] = useState("markers");
  const [sent, setSent] = useState<Sent | null>(null);
  const sending = useRef<Sending | null>(null);
  const action = useAction();
  const [refused, setRefused] = useState("");
  const [full, setFull] = useState(false); // too many files of this person wait
  const begin = async (file: File) => {
    setRefused("");
    setFull(false);
    if (tooLarge(file)) {
      setRefused(t("import.too_large", { size: number(file.size / MB, 0), mb: MOST_MB }));
      return;
    }
    await action.run(async () => {
      setSent({ file, share: 0 });
      const to = url(importsUrl, { name: file.name, into: layer });
      sending.current = sendFile(to, file, (share) => setSent({ file, share }));
      const text = await sending.current.done.catch((error) => {
        setFull(error instanceof ApiError && error.status === 409);
        return unlessStopped(error);
      });
      if (text) navigate(`/import/${(JSON.parse(text) as Told).id}`);
    });
    setSent(null);
  };
  const problem = refused || (full ? t("import.full") : action.problem);
  return (
    <div class="import-choose">
      <p>{t("import.lead")}</p>
      <LayerSelect layer={layer} onChoose={setLayer} />
      {sent ? (
        <Progress sent={sent} onStop={() => sending.current?.abort()} />
      ) : (
        <DropBox onFile={(file) => void begin(file)} />
      )}
      {problem && (
        <div class="notice" role="alert">
          <strong>{t("import.refused")}</strong>
          <p>{problem}</p>
          <p>{t("state.error_safe")}</p>
        </div>
      )}
      <Template layer={layer} />
    </div>
  );
}
