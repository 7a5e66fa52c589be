import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "./i18n";
import { info, loadWords, startError } from "./i18n/words";
import { onLinkClick, path } from "./router";
import { Later } from "./screens/Later";
import { NotFound } from "./screens/NotFound";
import { screenAt } from "./screens/routes";
import { loadSession } from "./state/session";
import { Banner } from "./ui/Banner";
import { Loading } from "./ui/States";

function screenOf(address: string): ComponentChildren {
  const found = screenAt(address);
  return found ? <Later {...found} /> : <NotFound />;
}

function Start() {
  if (!startError.value) return <Loading />;
  return (
    <div class="notice" role="alert">
      <strong>{t(startError.value.offline ? "state.offline" : "state.error")}</strong>
      <p>{startError.value.detail}</p>
      <button type="button" class="button" onClick={loadWords}>
        {t("state.retry")}
      </button>
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
