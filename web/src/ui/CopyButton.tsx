/** Copies a text; where the browser forbids it, it shows the text to be copied by hand. */
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./Icon";

const SHOWN = 1600; // ms that "copied" stays

interface Props {
  text: string;
  name?: string; // what is copied, where the button bears no words
  words?: string; // on the button
}

export function CopyButton({ text, name = "", words }: Props) {
  const [state, setState] = useState<"idle" | "done" | "refused">("idle");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState("done");
      setTimeout(() => setState("idle"), SHOWN);
    } catch {
      setState("refused"); // no clipboard without https
    }
  };
  const done = state === "done";
  const act = t(done ? "common.copied" : "common.copy");
  const full = words ?? `${act} ${name}`.trim();
  return (
    <span class="copy">
      <button
        type="button"
        class={words ? "button" : "button plain icon"}
        onClick={copy}
        title={words ? undefined : act}
        aria-label={words ? undefined : full}
      >
        <Icon name={done ? "check" : "copy"} />
        {words && (done ? t("common.copied") : words)}
      </button>
      {state === "refused" && (
        <input
          class="field"
          readOnly
          value={text}
          aria-label={full}
          ref={(field) => field?.select()}
        />
      )}
    </span>
  );
}
