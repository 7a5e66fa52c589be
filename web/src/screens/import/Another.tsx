/** The way to another file; the one that waits is forgotten by the server. */
import { send } from "../../api/client";
import { t } from "../../i18n";
import { navigate } from "../../router";
import type { Import } from "./useImport";
import { forget } from "./Waiting";

export function Another({ of }: { of: Import }) {
  const { changing, id, url } = of;
  const drop = async () => {
    await send("DELETE", url);
    forget(id);
    navigate("/import");
  };
  return (
    <button
      type="button"
      class="button"
      disabled={changing.busy}
      onClick={() => void changing.run(drop)}
    >
      {t("import.another")}
    </button>
  );
}
