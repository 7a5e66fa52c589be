/** A screen whose code is still on its way, or does not come. */
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { t } from "../i18n";
import { bring, brought, reload, renew } from "../state/code";
import { useAction } from "../ui/Form";
import { Loading } from "../ui/States";
import { Frame } from "./page/Frame";
import type { Found, Load } from "./routes";

/** Whether the server was there to say so; does not return where the page is loaded anew. */
async function isOffline(): Promise<boolean> {
  try {
    await renew();
    return false;
  } catch (error) {
    return error instanceof ApiError && error.offline;
  }
}

function Failed({ offline }: { offline: boolean }) {
  const action = useAction();
  return (
    <div class="notice" role="alert">
      <strong>{t(offline ? "state.offline" : "state.no_screen")}</strong>
      <p>{t("state.no_screen_safe")}</p>
      <button
        type="button"
        class="button"
        disabled={action.busy}
        onClick={() => void action.run(reload)}
      >
        {t("state.retry")}
      </button>
      {action.problem && <p>{action.problem}</p>}
      <div class="tiny">{t("state.code", { code: "no_screen" })}</div>
    </div>
  );
}

interface Failure {
  of: Load;
  offline: boolean;
}

export function Later({ load, params, bare }: Found) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [, setRound] = useState(0);
  const Screen = brought(load);
  useEffect(() => {
    if (Screen) return;
    let left = false;
    const tell = (then: () => void) => () => left || then();
    bring(load).then(
      tell(() => setRound((n) => n + 1)),
      () => isOffline().then((offline) => tell(() => setFailure({ of: load, offline }))()),
    );
    return () => {
      left = true;
    };
  }, [load]);
  if (Screen) return <Screen {...params} />;
  const failed = failure?.of === load;
  const body = (
    <main class={failed ? "leaf" : "leaf late"}>
      {failed ? <Failed offline={failure.offline} /> : <Loading />}
    </main>
  );
  return bare ? body : <Frame>{body}</Frame>;
}
