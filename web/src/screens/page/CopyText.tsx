/** A button with words that copies a text; where the browser forbids it, it shows the text. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { Icon } from "../../ui/Icon";

const SHOWN = 1600; // ms that "copied" stays

interface Props {
  text: string;
  words: string;
}

export function CopyText({ text, words }: Props) {
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
  return (
    <span class="copy-text">
      <button type="button" class="button" onClick={copy}>
        <Icon name={state === "done" ? "check" : "copy"} />
        {state === "done" ? t("common.copied") : words}
      </button>
      {state === "refused" && (
        <input
          class="field"
          readOnly
          value={text}
          aria-label={words}
          ref={(field) => field?.select()}
        />
      )}
    </span>
  );
}
