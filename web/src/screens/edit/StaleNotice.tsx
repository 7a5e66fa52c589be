/** Somebody changed the row meanwhile: what was, what they wrote, what I wrote. */
import { t } from "../../i18n";
import type { Clash, Merge } from "./draft";
import type { FormField } from "./form";

function wordOf(field: FormField, value: string): string {
  return field.choices.find((choice) => choice.value === value)?.title ?? (value || "–");
}

interface RowProps {
  clash: Clash;
  onTake?: () => void; // where one has to choose
}

function Row({ clash, onTake }: RowProps) {
  const { field, before, theirs, mine } = clash;
  return (
    <tr data-field={field.name}>
      <th scope="row">{field.title}</th>
      <td>{wordOf(field, before)}</td>
      <td>{wordOf(field, theirs)}</td>
      <td>{onTake ? wordOf(field, mine) : t("edit.stale_unchanged")}</td>
      <td>
        {onTake && (
          <button type="button" class="button" onClick={onTake}>
            {t("edit.stale_take")}
          </button>
        )}
      </td>
    </tr>
  );
}

interface Props {
  merge: Merge;
  onTake: (clash: Clash) => void; // theirs in the place of mine
  onGo: () => void;
}

export function StaleNotice({ merge, onTake, onGo }: Props) {
  const { clashes, taken } = merge;
  return (
    <section class="notice form-stale" role="alert">
      <strong>{t("edit.stale")}</strong>
      <p>{t(clashes.length ? "edit.stale_clash" : "edit.stale_clear")}</p>
      {clashes.length + taken.length > 0 && (
        <div class="scroll-x">
          <table class="leaf-table">
            <thead>
              <tr>
                <th>{t("edit.stale_field")}</th>
                <th>{t("edit.stale_before")}</th>
                <th>{t("edit.stale_theirs")}</th>
                <th>{t("edit.stale_mine")}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {clashes.map((clash) => (
                <Row key={clash.field.name} clash={clash} onTake={() => onTake(clash)} />
              ))}
              {taken.map((clash) => (
                <Row key={clash.field.name} clash={clash} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <button type="button" class="button primary" onClick={onGo}>
        {t("edit.stale_go")}
      </button>
    </section>
  );
}
