import { CopyButton } from "../../ui/CopyButton";

interface Props {
  text: string;
  name: string; // what it is, for whoever cannot see it
  runs?: "shell" | "python"; // what executes it
}

/** A text to be pasted elsewhere, whole and unbroken, with its button. */
export function Code({ text, name, runs }: Props) {
  return (
    <div class="code">
      <pre data-runs={runs}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} name={name} />
    </div>
  );
}
