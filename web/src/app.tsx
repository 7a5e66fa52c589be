import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { ApiError } from "./api/client";
import { t } from "./i18n";
import { info, loadWords, startError } from "./i18n/words";
import { onLinkClick, path } from "./router";
import { Later } from "./screens/Later";
import { NotFound } from "./screens/NotFound";
import { screenAt } from "./screens/routes";
import { loadSession } from "./state/session";
import { Banner } from "./ui/Banner";
import { Loading } from "./ui/States";
import { useWide } from "./ui/useWide";

function screenOf(address: string): ComponentChildren {
  const found = screenAt(address);
  return found ? <Later {...found} /> : <NotFound />;
}

function Failed({ error }: { error: ApiError }) {
  return (
    <div class="notice" role="alert">
      <strong>{t(error.offline ? "state.offline" : "state.error")}</strong>
      <p>{error.detail}</p>
      <button type="button" class="button" onClick={loadWords}>
        {t("state.retry")}
      </button>
    </div>
  );
}

/** Until the words are there: the outline of the frame that comes, so that nothing jumps. */
function Start() {
  const wide = useWide();
  const error = startError.value;
  const body = <main class="leaf">{error ? <Failed error={error} /> : <Loading />}</main>;
  if (screenAt(path.value)?.bare) return body;
  return (
    <div class="screen page-screen">
      {wide && <div class="rail" aria-hidden="true" />}
      <div class="page-scroll">{body}</div>
      {!wide && <div class="bottom-bar" aria-hidden="true" />}
    </div>
  );
}

export function App() {
  useEffect(() => {
    void loadWords();
    void loadSession();
    document.addEventListener("click", onLinkClick);
    return () => document.removeEventListener("click", onLinkClick);
  }, []);
  return (
    <div class="app">
      <Banner />
      {info.value ? screenOf(path.value) : <Start />}
    </div>
  );
}
