import { useState } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./Icon";

const SHOWN = 1600; // ms that "copied" stays

export function CopyButton({ text, name }: { text: string; name?: string }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    setDone(true);
    setTimeout(() => setDone(false), SHOWN);
  };
  const words = done ? t("common.copied") : t("common.copy");
  return (
    <button
      type="button"
      class="button plain icon"
      onClick={copy}
      title={words}
      aria-label={`${words} ${name ?? ""}`.trim()}
    >
      <Icon name={done ? "check" : "copy"} />
    </button>
  );
}
