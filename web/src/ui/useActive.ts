/** The active row of a list that is walked with the arrow keys. */
import { useState } from "preact/hooks";

export interface Active {
  at: number; // index of the active row
  move: (by: number) => void;
  size: number;
}

export function useActive(size: number): Active {
  const [wanted, setWanted] = useState(0);
  const at = Math.min(wanted, Math.max(0, size - 1));
  const move = (by: number) => setWanted(Math.min(size - 1, Math.max(0, at + by)));
  return { at, move, size };
}

/** Key handler of an input with a list of options below it. */
export function optionKeys(active: Active, pick: (index: number) => void, close: () => void) {
  return (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") active.move(1);
    else if (event.key === "ArrowUp") active.move(-1);
    else if (event.key === "Enter") pick(active.at);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
}
