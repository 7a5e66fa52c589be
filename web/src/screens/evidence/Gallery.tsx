/** The photos and documents of a row: small pictures that open, documents to be saved. */
import { fileUrl } from "../../api/urls";
import { t } from "../../i18n";
import { query, setQuery } from "../../router";
import { Icon } from "../../ui/Icon";
import { type Evidence, isPicture, sizeText } from "./files";
import { Viewer } from "./Viewer";
import "./evidence.css";

const SHOWN = "photo"; // in the address: which picture of which gallery is open

interface Props {
  name: string; // of this gallery, in the address
  of: string; // what the files show, in words
  files: Evidence[];
  row: (file: Evidence) => string | null; // that shows a file; null where one brought it oneself
  busy?: boolean;
  onRemove?: (file: Evidence) => void;
}

interface TileProps {
  file: Evidence;
  row: string | null;
  alt: string;
  onOpen: () => void;
}

function Tile({ file, row, alt, onOpen }: TileProps) {
  if (isPicture(file)) {
    return (
      <button type="button" class="file-open" onClick={onOpen}>
        <img src={fileUrl(file.sha256, row, "small")} alt={alt} loading="lazy" />
      </button>
    );
  }
  return (
    <a class="file-open" href={fileUrl(file.sha256, row)} target="_blank" rel="noreferrer">
      <Icon name="page" size={28} />
      <span class="file-name">{file.name || t("evidence.document")}</span>
      {file.bytes !== null && <span class="tiny soft num">PDF · {sizeText(file.bytes)}</span>}
    </a>
  );
}

export function Gallery({ name, of, files, row, busy = false, onRemove }: Props) {
  const pictures = files.filter(isPicture);
  const key = (n: number) => `${name}/${n + 1}`;
  const open = pictures.findIndex((_, n) => query.value.get(SHOWN) === key(n));
  const shown = pictures[open];
  const alt = (n: number) => t("evidence.photo_of", { n: n + 1, of });
  const show = (n: number | null) =>
    setQuery({ [SHOWN]: n === null ? null : key(n) }, { replace: open >= 0 });
  if (!files.length) return null;
  return (
    <>
      <ul class="files">
        {files.map((file) => {
          const n = pictures.indexOf(file);
          const words = isPicture(file) ? alt(n) : file.name || t("evidence.document");
          return (
            <li key={file.sha256} class="file">
              <Tile file={file} row={row(file)} alt={words} onOpen={() => show(n)} />
              {onRemove && (
                <button
                  type="button"
                  class="button icon file-remove screen-only"
                  aria-label={t("evidence.remove", { name: words })}
                  title={t("evidence.remove", { name: words })}
                  disabled={busy}
                  onClick={() => onRemove(file)}
                >
                  <Icon name="close" />
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {shown && <Viewer pictures={pictures} at={open} row={row(shown)} alt={alt} onShow={show} />}
    </>
  );
}
