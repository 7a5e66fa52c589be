/** A sign inside text or a legend. */
import type { Part } from "./signs";

export function Sign({
  parts,
  size = 26,
  label,
}: {
  parts: Part[];
  size?: number;
  label?: string;
}) {
  const h = size / 2;
  return (
    <svg
      width={size}
      height={size}
      viewBox={`${-h} ${-h} ${size} ${size}`}
      class="sign"
      role="img"
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      {parts.map((p) => (
        <path
          d={p.d}
          fill={p.fill ?? "none"}
          stroke={p.stroke}
          stroke-width={p.width}
          stroke-dasharray={p.dash}
          opacity={p.opacity}
        />
      ))}
    </svg>
  );
}
