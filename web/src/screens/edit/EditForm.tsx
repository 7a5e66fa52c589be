/** The form of one row, old or new, and the change that it sends. */
import { useMemo, useState } from "preact/hooks";
import { ApiError, send, tagged } from "../../api/client";
import type { Feature, Geometry, LonLat } from "../../api/types";
import { itemsUrl, itemUrl } from "../../api/urls";
import { t } from "../../i18n";
import { may } from "../../state/may";
import { FormRow } from "../evidence/FilesInput";
import { Section } from "../page/Sheet";
import { type Base, type Clash, type Drafting, merge, placeOf, useDraft } from "./draft";
import { FieldInput } from "./FieldInput";
import {
  changes,
  type FormField,
  fieldsOf,
  guardedIn,
  type Schema,
  shapeOf,
  unread,
  whole,
} from "./form";
import { PlaceField } from "./PlaceField";
import { ProposeNotice, propose, toPropose } from "./propose";
import { StaleNotice } from "./StaleNotice";
import { sectionsOf } from "./sections";

const PATCH = "application/merge-patch+json";

interface Props {
  layer: string;
  id: string | null; // null for a new row
  schema: Schema;
  now: Base;
  near: Feature | null; // the marker that a new row is about
  onSaved: (id: string) => void;
  onProposed: (proposal: string) => void;
}

const point = (at: LonLat | null): Geometry | null => at && { type: "Point", coordinates: at };

/** What is sent to change a row. */
function patchOf(fields: FormField[], { work, base }: Drafting, placed: boolean) {
  const moved = placed && work.at?.join() !== placeOf(base.data)?.join();
  const properties = changes(fields, work.draft, base.data.properties);
  return { ...(moved && { geometry: point(work.at) }), properties };
}

/** What is sent: the parts that change, or a whole new row. */
function sentOf(id: string | null, fields: FormField[], held: Drafting, placed: boolean) {
  if (id !== null) return patchOf(fields, held, placed);
  const geometry = placed ? point(held.work.at) : null;
  return { type: "Feature", geometry, properties: whole(fields, held.work.draft) };
}

/** Titles of what is changed that somebody else has to agree to, where that is known here. */
function waiting(schema: Schema, fields: FormField[], held: Drafting, placed: boolean): string[] {
  const alone = !may("propose") || may("approve");
  if (alone || unread(fields, held.work.draft).length > 0) return [];
  return guardedIn(schema, fields, patchOf(fields, held, placed));
}

async function save(
  layer: string,
  id: string | null,
  json: ReturnType<typeof sentOf>,
  { work, base }: Drafting,
): Promise<string> {
  const reason = work.reason.trim() || undefined;
  if (id !== null) {
    await send("PATCH", itemUrl(layer, id, { reason }), { json, type: PATCH, etag: base.etag });
    return id;
  }
  const { location } = await send("POST", itemsUrl(layer, { reason, limit: null }), {
    json,
    type: "application/geo+json",
  });
  return decodeURIComponent((location ?? "").split("/").pop() ?? "");
}

const ask: typeof save = (layer, id, json, { work, base }) =>
  propose(layer, id, json, work.reason.trim(), base.etag);

interface Refused {
  field: string | null; // the one that is wrong
  words: string;
}

function refusal(error: unknown): Refused {
  if (!(error instanceof ApiError)) return { field: null, words: String(error) };
  const words = error.offline ? t("edit.offline") : error.detail;
  return { field: error.parameter, words };
}

interface Foot {
  busy: boolean;
  problem: string;
  waits: string[]; // titles of what has to be approved
  onDrop: () => void;
}

function Footer({ busy, problem, waits, onDrop }: Foot) {
  return (
    <div class="form-foot">
      {waits.length > 0 && (
        <p class="notice" role="status">
          {t("edit.will_wait", { fields: waits.join(", ") })}
        </p>
      )}
      {problem && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="leaf-actions">
        <button type="submit" class="button primary" disabled={busy}>
          {t(busy ? "edit.saving" : "edit.save")}
        </button>
        <button type="button" class="button" onClick={onDrop}>
          {t("edit.drop")}
        </button>
      </div>
    </div>
  );
}

function focusOn(name: string): void {
  const input = document.getElementById(`field-${name}`);
  input?.scrollIntoView({ block: "center" });
  input?.focus();
}

export function EditForm({ layer, id, schema, now, near, onSaved, onProposed }: Props) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const placed = shapeOf(schema) === "point";
  const held = useDraft(`${layer}/${id ?? ""}`, fields, now);
  const { work, base, set } = held;
  const [theirs, setTheirs] = useState<Base | null>(base.etag === now.etag ? null : now);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [proposing, setProposing] = useState(false);
  const [busy, setBusy] = useState(false);
  const bad = unread(fields, work.draft);
  const type = (name: string, text: string) => set({ draft: { ...work.draft, [name]: text } });

  const failed = async (error: unknown) => {
    if (error instanceof ApiError && error.status === 412 && id !== null) {
      setTheirs(await tagged<Feature>(itemUrl(layer, id)));
      return;
    }
    if (toPropose(error)) return setProposing(true);
    const found = refusal(error);
    setRefused(found);
    if (found.field) focusOn(found.field);
  };
  const submit = async (doing: typeof save, done: (id: string) => void) => {
    setRefused(null);
    setProposing(false);
    if (bad[0]) return focusOn(bad[0]);
    setBusy(true);
    try {
      const made = await doing(layer, id, sentOf(id, fields, held, placed), held);
      held.drop();
      done(made);
    } catch (error) {
      await failed(error).catch((again) => setRefused(refusal(again)));
    }
    setBusy(false);
  };
  const merged = theirs && merge(fields, base.data, theirs.data, work.draft);
  const take = ({ field, theirs: text }: Clash) => type(field.name, text);
  const goOn = () => {
    if (!theirs || !merged) return;
    const unmoved = work.at?.join() === placeOf(base.data)?.join();
    const at = unmoved ? placeOf(theirs.data) : work.at;
    held.rebase({ ...work, draft: merged.draft, at }, theirs);
    setTheirs(null);
  };
  const named = fields.some((field) => field.name === refused?.field) ? refused?.field : null;
  const problemOf = (name: string) =>
    bad.includes(name) ? t("edit.unread") : refused?.field === name ? refused.words : "";
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(save, onSaved);
      }}
    >
      {held.resumed && <p class="notice">{t("edit.resumed")}</p>}
      {merged && <StaleNotice merge={merged} onTake={take} onGo={goOn} />}
      {placed && (
        <PlaceField
          layer={layer}
          before={id === null ? null : base.data}
          near={near}
          at={work.at}
          problem={problemOf("geometry")}
          onChange={(at) => set({ at })}
        />
      )}
      <FormRow.Provider value={id && `${layer}/${id}`}>
        {sectionsOf(fields).map(([title, held]) => (
          <Section key={title} title={t(title)}>
            <div class="form-grid">
              {held.map((field) => (
                <FieldInput
                  key={field.name}
                  field={field}
                  value={work.draft[field.name] ?? ""}
                  problem={problemOf(field.name)}
                  onChange={(text) => type(field.name, text)}
                />
              ))}
            </div>
          </Section>
        ))}
      </FormRow.Provider>
      <Section title={t("edit.why")}>
        <label class="label" for="field-reason">
          {t("edit.reason")}
        </label>
        <input
          id="field-reason"
          class="field"
          maxLength={500}
          value={work.reason}
          onInput={(event) => set({ reason: event.currentTarget.value })}
        />
      </Section>
      {proposing && (
        <ProposeNotice
          reason={work.reason}
          busy={busy}
          onReason={(reason) => set({ reason })}
          onSend={() => void submit(ask, onProposed)}
        />
      )}
      <Footer
        busy={busy}
        problem={named ? "" : (refused?.words ?? "")}
        waits={id === null || proposing ? [] : waiting(schema, fields, held, placed)}
        onDrop={held.drop}
      />
    </form>
  );
}
