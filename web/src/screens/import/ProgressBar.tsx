/** How far long work is, in words and as a bar. */
import { lang } from "../../i18n";
import type { Progress } from "./types";
import "./import.css";

interface Props {
  progress: Progress | null | undefined;
  words: string; // of what is done, until the work tells more
}

export function ProgressBar({ progress, words: first }: Props) {
  const words = progress?.[lang.value] || first;
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
