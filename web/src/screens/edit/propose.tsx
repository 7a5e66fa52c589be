/** A change that its writer may not make alone: it goes to an approver instead. */
import { useEffect, useRef } from "preact/hooks";
import { ApiError, type Change, send } from "../../api/client";
import { t } from "../../i18n";

/** Whether the server refused a change because somebody else has to approve it. */
export function toPropose(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && error.members.reason === "proposal";
}

/** Ask for a change to a row, or for a new one; returns the id of the proposal. */
export async function propose(
  layer: string,
  id: string | null,
  feature: unknown,
  reason: string,
  etag: Change["etag"],
): Promise<string> {
  const action = id === null ? "create" : "edit";
  const json = { layer, action, id, feature, reason };
  const { data } = await send<{ id: string }>("POST", "/api/proposals", { json, etag });
  return data?.id ?? "";
}

interface Props {
  reason: string;
  busy: boolean;
  onReason: (text: string) => void;
  onSend: () => void;
}

export function ProposeNotice({ reason, busy, onReason, onSend }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.scrollIntoView({ block: "center" });
    field.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section class="notice" role="alert" aria-label={t("edit.propose")}>
      <p>{t("edit.propose_needed")}</p>
      <div class="form-field">
        <label class="label" for="field-propose">
          {t("edit.propose_reason")}
        </label>
        <textarea
          ref={field}
          id="field-propose"
          class="field"
          rows={2}
          maxLength={500}
          value={reason}
          onInput={(event) => onReason(event.currentTarget.value)}
        />
      </div>
      <div class="leaf-actions">
        <button
          type="button"
          class="button primary"
          disabled={busy || !reason.trim()}
          onClick={onSend}
        >
          {t("edit.propose")}
        </button>
      </div>
    </section>
  );
}
