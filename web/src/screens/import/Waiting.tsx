/** Files that were sent from this browser and wait: the way back to each. */
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { keep, kept } from "../../kept";
import { ownName } from "../../state/own";
import { user } from "../../state/session";
import type { Told } from "./types";

interface Sent {
  id: string;
  file: string;
  at: number; // ms since 1970
}

const DAY = 86_400_000; // ms that the server keeps a file
const MOST = 10; // files of one person that wait there

const key = (): string => ownName(user.value?.id, "imports");

function held(): Sent[] {
  try {
    const found: Sent[] = JSON.parse(kept(key()) ?? "[]");
    return found.filter(({ at }) => at > Date.now() - DAY);
  } catch {
    return [];
  }
}

function put(sent: Sent[]): void {
  keep(key(), JSON.stringify(sent.slice(0, MOST)));
}

export function note({ id, file }: Told): void {
  const others = held();
  if (!others.some((one) => one.id === id)) put([{ id, file, at: Date.now() }, ...others]);
}

export function forget(id: string): void {
  put(held().filter((one) => one.id !== id));
}

export function Waiting() {
  const sent = held();
  if (!sent.length) return null;
  return (
    <section class="leaf-section">
      <h2>{t("import.waiting")}</h2>
      <p class="small soft">{t("import.waiting_lead")}</p>
      <ul class="leaf-entries">
        {sent.map(({ id, file, at }) => (
          <li key={id} class="leaf-entry plain">
            <a class="import-waits break" href={`/import/${id}`}>
              {file} · <span class="num">{date(new Date(at).toISOString())}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
