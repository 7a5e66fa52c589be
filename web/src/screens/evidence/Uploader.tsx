/** Brings photos and documents: dropped, picked, or taken by the camera of a phone. */
import { useRef, useState } from "preact/hooks";
import { url } from "../../api/client";
import { sendFile } from "../../api/upload";
import { evidenceUrl } from "../../api/urls";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { Icon } from "../../ui/Icon";
import { type Accepted, type Evidence, flawOf, limitText, problemText } from "./files";

interface Props {
  accepted: Accepted;
  held: number; // files that the row has already
  onBrought: (file: Evidence) => Promise<void>;
}

interface Sending {
  name: string;
  part: number; // 0 to 1
  stop: () => void;
}

const LONGEST_NAME = 200; // letters
const TOUCH = "(pointer: coarse)"; // a device that is likely to have a camera at hand

function PickButton(props: {
  words: string;
  icon: "add" | "camera";
  types: string;
  camera?: boolean;
  onFiles: (files: File[]) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        <Icon name={props.icon} />
        {props.words}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        data-testid={props.camera ? "file-camera" : "file-pick"}
        accept={props.types}
        multiple={!props.camera}
        capture={props.camera ? "environment" : undefined}
        onChange={(event) => {
          props.onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

function Progress({ sending }: { sending: Sending }) {
  const percent = number(sending.part * 100, 0);
  return (
    <div class="file-sending">
      <label>
        <span class="small">{t("evidence.sending", { name: sending.name, percent })}</span>
        <progress value={sending.part} max={1} />
      </label>
      <button type="button" class="button" onClick={sending.stop}>
        {t("common.cancel")}
      </button>
    </div>
  );
}

export function Uploader({ accepted, held, onBrought }: Props) {
  const [sending, setSending] = useState<Sending | null>(null);
  const [problems, setProblems] = useState<string[]>([]);
  const [over, setOver] = useState(false);
  const types = accepted.media_types.join(",");
  const pictures = accepted.media_types.filter((type) => type.startsWith("image/")).join(",");

  const one = async (file: File, before: number): Promise<string | null> => {
    const flaw = flawOf(file, accepted, before);
    if (flaw) return flaw;
    const { name } = file;
    const address = url(evidenceUrl, { name: name.slice(-LONGEST_NAME) });
    const tell = (part: number) => setSending({ name, part, stop: sent.abort });
    const sent = sendFile(address, file, tell);
    tell(0);
    try {
      const told: Evidence = JSON.parse(await sent.done);
      await onBrought({ ...told, original: true });
      return null;
    } catch (error) {
      return problemText(error, file.name);
    }
  };
  const bring = async (files: File[]) => {
    const flaws: string[] = [];
    setProblems([]);
    for (const [i, file] of files.entries()) {
      const flaw = await one(file, held + i - flaws.length);
      if (flaw) flaws.push(flaw);
    }
    setSending(null);
    setProblems(flaws);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way more; buttons do it too
    <div
      class={`file-drop screen-only ${over ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void bring([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {sending ? (
        <Progress sending={sending} />
      ) : (
        <div class="leaf-actions">
          <PickButton words={t("evidence.pick")} icon="add" types={types} onFiles={bring} />
          {matchMedia(TOUCH).matches && (
            <PickButton
              words={t("evidence.camera")}
              icon="camera"
              types={pictures}
              camera
              onFiles={bring}
            />
          )}
        </div>
      )}
      <p class="tiny soft">{limitText(accepted)}</p>
      <div role="alert">
        {problems.map((words) => (
          <p key={words} class="form-problem">
            {words}
          </p>
        ))}
      </div>
    </div>
  );
}
