/** A picture as large as the screen; Esc closes it, the arrow keys go on and back. */
import { useEffect, useRef } from "preact/hooks";
import { fileUrl } from "../../api/urls";
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { Icon } from "../../ui/Icon";
import type { Evidence } from "./files";

interface Props {
  pictures: Evidence[];
  at: number;
  row: string | null;
  alt: (n: number) => string;
  onShow: (at: number | null) => void;
}

function caption({ name, taken }: Evidence): string {
  const when = taken && t("evidence.taken", { date: `${date(taken)} ${taken.slice(11, 16)}` });
  return [name, when].filter(Boolean).join(" · ");
}

export function Viewer({ pictures, at, row, alt, onShow }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const file = pictures[at];
  const go = (by: number) => onShow((at + by + pictures.length) % pictures.length);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  if (!file) return null;
  const several = pictures.length > 1;
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={alt(at)}
      onClose={() => onShow(null)}
      onKeyDown={({ key }) => {
        if (several && key === "ArrowRight") go(1);
        if (several && key === "ArrowLeft") go(-1);
      }}
    >
      <div class="viewer-bar">
        <span class="num">
          {at + 1} / {pictures.length}
        </span>
        {several && (
          <>
            <button
              type="button"
              class="button icon"
              aria-label={t("evidence.back")}
              onClick={() => go(-1)}
            >
              <Icon name="back" />
            </button>
            <button
              type="button"
              class="button icon"
              aria-label={t("evidence.on")}
              onClick={() => go(1)}
            >
              <Icon name="forward" />
            </button>
          </>
        )}
        <span class="viewer-space" />
        {file.original && (
          <a class="button" href={fileUrl(file.sha256, row)} target="_blank" rel="noreferrer">
            {t("evidence.original")}
          </a>
        )}
        <button
          type="button"
          class="button icon"
          aria-label={t("common.close")}
          onClick={() => onShow(null)}
        >
          <Icon name="close" />
        </button>
      </div>
      <figure>
        <img
          src={fileUrl(file.sha256, row, "large")}
          srcset={`${fileUrl(file.sha256, row, "medium")} 960w, ${fileUrl(file.sha256, row, "large")} 2560w`}
          sizes="100vw"
          alt={alt(at)}
        />
        {caption(file) && <figcaption>{caption(file)}</figcaption>}
      </figure>
    </dialog>
  );
}
