/** What happened, in the order of time. */
import type { ComponentChildren } from "preact";
import type { Properties } from "../../api/types";
import { t } from "../../i18n";
import { RowFiles } from "../evidence/RowFiles";
import { texts } from "./format";
import { Ref } from "./Sources";

export interface StoryEntry {
  key: string;
  sort: string; // ISO date, or empty where it is not known
  when: string;
  what: ComponentChildren;
  details: string[];
  row: Properties;
  files?: { layer: string; editable: boolean }; // where the row may have photos and documents
}

/** Oldest first; what has no date comes last. */
export function inTime(entries: readonly StoryEntry[]): StoryEntry[] {
  return [...entries].sort((a, b) => (a.sort || "9999").localeCompare(b.sort || "9999"));
}

export function Story({ entries }: { entries: StoryEntry[] }) {
  if (!entries.length) return <p class="leaf-empty">{t("page.story_empty")}</p>;
  return (
    <ol class="leaf-story">
      {inTime(entries).map(({ key, when, what, details, row, files }) => (
        <li key={key}>
          <div class="story-when num">{when}</div>
          <div>
            <strong>{what}</strong> <Ref row={row} />
            {details.filter(Boolean).map((detail) => (
              <div key={detail} class="small soft">
                {detail}
              </div>
            ))}
            {files && (
              <RowFiles
                {...files}
                id={key}
                of={`${String(what)}, ${when}`}
                named={texts(row.files)}
              />
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
