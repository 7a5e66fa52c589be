/** Keys of the whole screen: `/` searches, Esc closes the top thing. */
import { useEffect } from "preact/hooks";
import { foldPanel, openPanel, panel, select, selection } from "../../state/screen";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input, select, textarea");

function closeTop(): void {
  if (selection.value) {
    const { layer, id } = selection.value;
    select(null);
    focusRow(`${layer}/${id}`);
  } else if (panel.value !== null) foldPanel(true);
}

/** Give focus back to the row that opened the drawer, else to the map. */
function focusRow(key: string): void {
  const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
  const map = document.querySelector<HTMLElement>(".map-canvas");
  (row ?? map)?.focus();
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  if (event.key === "/" && !typing(event.target)) {
    event.preventDefault();
    document.querySelector<HTMLInputElement>("[data-testid=search]")?.focus();
  }
  if (event.key === "Escape") closeTop();
}

export function useKeys(): void {
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

export function skipToList(): void {
  openPanel("list");
  requestAnimationFrame(() => document.getElementById("list")?.focus());
}
