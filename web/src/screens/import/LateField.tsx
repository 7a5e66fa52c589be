/** A text field that tells its value when the typing is done: each change is judged anew. */
import { useEffect, useState } from "preact/hooks";
import { TextField } from "../../ui/Form";

interface Props {
  label: string;
  help?: string;
  type?: string;
  value: string;
  onValue: (text: string) => void;
}

export function LateField({ value, onValue, ...rest }: Props) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const tell = () => {
    if (text.trim() !== value) onValue(text.trim());
  };
  return (
    <TextField
      {...rest}
      value={text}
      onValue={setText}
      onBlur={tell}
      onKeyDown={(event) => event.key === "Enter" && tell()}
    />
  );
}
