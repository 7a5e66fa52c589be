import type { LayerName } from "../../state/screen";

const DASHES: Partial<Record<LayerName, { stroke: string; width: number; dash?: string }>> = {
  borders: { stroke: "var(--border-line)", width: 2.4, dash: "8 3 2 3" },
  corridors: { stroke: "var(--corridor)", width: 4 },
  admin_units: { stroke: "var(--province)", width: 1.5 },
};

/** A short piece of a layer's line, for the legend. */
export function LineSign({ layer }: { layer: LayerName }) {
  const line = DASHES[layer];
  if (!line) return null;
  return (
    <svg width="30" height="12" aria-hidden="true">
      <path
        d="M1 6H29"
        stroke={line.stroke}
        stroke-width={line.width}
        stroke-dasharray={line.dash}
      />
    </svg>
  );
}
