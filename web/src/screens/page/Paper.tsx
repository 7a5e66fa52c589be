/** What stands on every sheet of paper: whose it is, for whose eyes, when, and where it came from. */
import { useEffect, useState } from "preact/hooks";
import { lang, t } from "../../i18n";
import { moment } from "../../i18n/format";
import { info, label } from "../../i18n/words";
import { path, query, queryText } from "../../router";
import { session, user } from "../../state/session";
import { QrCode } from "./QrCode";

/** Now, and anew each time that something is printed. */
function usePrinted(): string {
  const [at, setAt] = useState(() => new Date().toISOString());
  useEffect(() => {
    const now = () => setAt(new Date().toISOString());
    addEventListener("beforeprint", now);
    return () => removeEventListener("beforeprint", now);
  }, []);
  return at;
}

/** The address of a page on this server with its language, without what stands after #. */
export function pageUrl(to: string, asked = new URLSearchParams()): string {
  const all = new URLSearchParams(asked);
  all.set("lang", lang.value);
  return `${location.origin}${to}${queryText(all)}`;
}

export function PaperHead() {
  const date = moment(usePrinted());
  const by = user.value?.login;
  return (
    <div class="paper-only paper-head">
      <span>
        <strong>{t("app.name")}</strong> · {t("page.printed", { date })}
        {by && ` · ${by}`}
      </span>
      {info.value?.exercise && <strong class="paper-mark">{t("app.exercise")}</strong>}
      <strong class="paper-mark">{label("classification", session.value.sees)}</strong>
    </div>
  );
}

export function PaperFoot() {
  const url = pageUrl(path.value, query.value);
  return (
    <div class="paper-only paper-foot">
      <QrCode text={url} title={t("page.qr")} />
      <div>
        <p class="break">{url}</p>
        <p>{t("page.qr.note")}</p>
      </div>
    </div>
  );
}

export function PrintButton() {
  return (
    <button type="button" class="button" onClick={() => window.print()}>
      {t("page.print")}
    </button>
  );
}
