/** How far long work is, in words and as a bar. */
import { lang, t } from "../../i18n";
import type { Progress } from "./types";

export function ProgressBar({ progress }: { progress: Progress | null | undefined }) {
  const words = progress?.[lang.value] || t("import.reading");
  return (
    <div class="import-progress">
      <p role="status">{words}</p>
      <progress
        aria-label={words}
        value={progress?.of ? progress.done : undefined}
        max={progress?.of ?? undefined}
      />
    </div>
  );
}
