import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "./i18n";
import { info, loadWords, startError } from "./i18n/words";
import { match, onLinkClick, path } from "./router";
import { MapScreen } from "./screens/map/MapScreen";
import { NotFound } from "./screens/NotFound";
import { PAGE_ROUTES } from "./screens/routes";
import { MAP_PATHS } from "./state/screen";
import { loadSession } from "./state/session";
import { Banner } from "./ui/Banner";
import { Loading } from "./ui/States";

function screenOf(address: string): ComponentChildren {
  if (MAP_PATHS.includes(address)) return <MapScreen />;
  for (const { pattern, screen: Screen } of PAGE_ROUTES) {
    const params = match(pattern, address);
    if (params) return <Screen {...params} />;
  }
  return <NotFound />;
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
