/** The phone's bottom sheet: three heights, changed by its handle or by dragging it. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../../i18n";
import { SHEETS, setSheet, sheet } from "../../state/screen";

const DRAG = 40; // px that count as a drag

function step(by: number): void {
  const next = SHEETS[SHEETS.indexOf(sheet.value) + by];
  if (next) setSheet(next);
}

export function SheetFrame({ children }: { children: ComponentChildren }) {
  const from = useRef<number | null>(null);
  const release = (event: PointerEvent) => {
    const moved = from.current === null ? 0 : event.clientY - from.current;
    from.current = null;
    if (Math.abs(moved) > DRAG) step(moved < 0 ? 1 : -1);
    else step(sheet.value === "full" ? -2 : 1);
  };
  return (
    <section class={`bottom-sheet ${sheet.value}`} aria-label={t("map.sheet")}>
      <button
        type="button"
        class="sheet-handle"
        aria-label={t(sheet.value === "full" ? "map.sheet_lower" : "map.sheet_raise")}
        onPointerDown={(event) => {
          from.current = event.clientY;
          (event.target as Element).setPointerCapture(event.pointerId);
        }}
        onPointerUp={release}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === " ") step(sheet.value === "full" ? -2 : 1);
          if (event.key === "ArrowUp") step(1);
          if (event.key === "ArrowDown") step(-1);
        }}
      />
      <div class="sheet-body">{children}</div>
    </section>
  );
}
