/** The list under a combobox; the input keeps the focus and names the active row. */
import type { ComponentChildren } from "preact";
import "./options.css";

export interface OptionRow {
  text: string;
  more: string;
}

interface Props {
  id: string;
  label: string;
  rows: OptionRow[];
  active: number;
  onPick: (index: number) => void;
  children?: ComponentChildren; // what stands there when there is no row
}

export const optionId = (list: string, index: number): string => `${list}-${index}`;

export function OptionList({ id, label, rows, active, onPick, children }: Props) {
  return (
    <div role="listbox" id={id} class="options" aria-label={label} tabIndex={-1}>
      {rows.map((row, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the input takes the keys
        <div
          role="option"
          id={optionId(id, i)}
          tabIndex={-1}
          aria-selected={i === active}
          class="option"
          onClick={() => onPick(i)}
        >
          <span>{row.text}</span>
          {row.more && <span class="small soft">{row.more}</span>}
        </div>
      ))}
      {rows.length === 0 && children}
    </div>
  );
}
