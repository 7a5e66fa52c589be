/** One change: when, who, why, and field by field what was and what became. */
import { send } from "../../api/client";
import type { Properties } from "../../api/types";
import { lang, t } from "../../i18n";
import { locale, number } from "../../i18n/format";
import { field, label, layerTitle } from "../../i18n/words";
import { href } from "../../router";
import { useAction } from "../../ui/Form";

export interface Difference {
  field: string;
  before: unknown;
  after: unknown;
}

export interface Entry {
  seq: number;
  at: string; // ISO 8601, UTC
  layer: string;
  id: string;
  revision: number;
  action: "create" | "edit" | "retire";
  actor: string | null; // null where part of the change is hidden from the reader
  reason: string | null;
  changes: Difference[];
}

const DIGITS = 7; // decimals of a degree

/** The moment by the reader's clock: `22/11/2026 18:02:44`. */
export function moment(at: string): string {
  const when = new Date(at);
  const day = { day: "2-digit", month: "2-digit", year: "numeric" } as const;
  const time = when.toLocaleTimeString(locale(), { timeStyle: "medium" });
  return `${when.toLocaleDateString(locale(), day)} ${time}`;
}

function pointText(value: Properties): string | null {
  const { type, coordinates } = value;
  if (type !== "Point" || !Array.isArray(coordinates)) return null;
  const [lng, lat] = coordinates as number[];
  return `${number(lat ?? 0, DIGITS)}; ${number(lng ?? 0, DIGITS)}`;
}

function shown(layer: string, name: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (name === "geometry") return pointText(value as Properties) ?? t("history.shape");
  const vocabulary = field(layer, name)?.vocabulary;
  if (vocabulary && typeof value === "string") return label(vocabulary, value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function titleOf(layer: string, name: string): string {
  if (name === "geometry") return t("edit.place");
  return field(layer, name)?.[`title_${lang.value}`] ?? name;
}

function Differences({ entry }: { entry: Entry }) {
  const { layer, action } = entry;
  const told = action === "edit" ? entry.changes : entry.changes.filter(({ after }) => after);
  if (!told.length) return null;
  return (
    <div class="scroll-x">
      <table class="leaf-table">
        <thead>
          <tr>
            <th>{t("edit.stale_field")}</th>
            {action !== "create" && <th>{t("history.before")}</th>}
            {action !== "retire" && <th>{t("history.after")}</th>}
          </tr>
        </thead>
        <tbody>
          {told.map(({ field: name, before, after }) => (
            <tr key={name} data-field={name}>
              <th scope="row">{titleOf(layer, name)}</th>
              {action !== "create" && <td>{shown(layer, name, before)}</td>}
              {action !== "retire" && <td>{shown(layer, name, after)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Undo({ entry, onDone }: { entry: Entry; onDone: () => void }) {
  const action = useAction();
  const undo = async () => {
    await send("POST", `/api/history/${entry.seq}/undo`);
    onDone();
  };
  return (
    <div>
      <button type="button" class="button" disabled={action.busy} onClick={() => action.run(undo)}>
        {t("history.undo")}
      </button>
      {action.problem && (
        <p class="form-problem" role="alert">
          {action.problem}
        </p>
      )}
    </div>
  );
}

interface Props {
  entry: Entry;
  named: boolean; // whether to say which row it is
  onUndone: () => void;
}

export function Change({ entry, named, onUndone }: Props) {
  const row = `/history/${entry.layer}/${encodeURIComponent(entry.id)}`;
  return (
    <li class="leaf-entry plain" data-seq={entry.seq}>
      <div>
        <p>
          <strong>{t(`history.${entry.action}`)}</strong>{" "}
          {named && (
            <a href={href(row)}>
              {layerTitle(entry.layer)} {entry.id}
            </a>
          )}
        </p>
        <p class="small soft">
          <span class="num">{moment(entry.at)}</span> · {entry.actor ?? t("history.hidden")}
          {entry.reason && ` · ${entry.reason}`}
        </p>
        <details open={!named && entry.action === "edit"}>
          <summary>{t("history.what", { n: entry.changes.length })}</summary>
          <Differences entry={entry} />
        </details>
        <Undo entry={entry} onDone={onUndone} />
      </div>
    </li>
  );
}
