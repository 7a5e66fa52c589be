/** The field of a form that names photos and documents: brought here, one hash a line inside. */
import { signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useRef } from "preact/hooks";
import { filesUrl } from "../../api/urls";
import { t } from "../../i18n";
import { useResource } from "../../state/resource";
import { Loaded } from "../../ui/States";
import type { InputProps } from "../edit/FieldInput";
import type { Evidence, Listing } from "./files";
import { Gallery } from "./Gallery";
import { Uploader } from "./Uploader";

/** The row that the form changes, as `layer/id`; null for a new one. */
export const FormRow = createContext<string | null>(null);

const brought = signal<Record<string, Evidence>>({}); // since the page was opened

const hashes = (value: string): string[] => value.split("\n").filter(Boolean);

/** A file of which nothing is known but that one brought it, before the page was opened anew. */
const unknown = (sha256: string): Evidence => ({
  sha256,
  media_type: "image/",
  original: true,
  name: null,
  bytes: null,
  taken: null,
});

export function FilesInput({ field, value, id, onChange }: InputProps) {
  const row = useContext(FormRow);
  const found = useResource<Listing>(filesUrl(row));
  const named = hashes(value);
  const now = useRef({ named, onChange }); // several files come one after the other
  now.current = { named, onChange };
  return (
    <fieldset id={id} class="form-files" tabIndex={-1} aria-label={field.title}>
      <Loaded of={found}>
        {({ files, accepted }) => {
          const known = new Map(files.map((file) => [file.sha256, file]));
          const all = named.map((one) => known.get(one) ?? brought.value[one] ?? unknown(one));
          const take = async (file: Evidence) => {
            brought.value = { ...brought.value, [file.sha256]: file };
            const { named: held, onChange: put } = now.current;
            put([...new Set([...held, file.sha256])].join("\n"));
          };
          return (
            <>
              <Gallery
                name="form"
                of={t("evidence.of_form")}
                files={all}
                row={({ sha256 }) => (known.has(sha256) ? row : null)}
                onRemove={({ sha256 }) =>
                  onChange(named.filter((one) => one !== sha256).join("\n"))
                }
              />
              <Uploader accepted={accepted} held={all.length} onBrought={take} />
            </>
          );
        }}
      </Loaded>
    </fieldset>
  );
}
