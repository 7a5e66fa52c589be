import type { Part } from "./signs";

/** The parts of a sign inside an SVG that is already there. */
export function Parts({ parts }: { parts: Part[] }) {
  return (
    <>
      {parts.map((part) => (
        <path
          key={`${part.d} ${part.fill} ${part.width}`}
          d={part.d}
          fill={part.fill ?? "none"}
          stroke={part.stroke}
          stroke-width={part.width}
          stroke-dasharray={part.dash}
          opacity={part.opacity}
        />
      ))}
    </>
  );
}

/** A sign inside text or a legend; a picture to the eye alone, the words stand beside it. */
export function Sign({ parts, size = 26 }: { parts: Part[]; size?: number }) {
  const h = size / 2;
  return (
    <svg
      width={size}
      height={size}
      viewBox={`${-h} ${-h} ${size} ${size}`}
      class="sign"
      aria-hidden="true"
    >
      <Parts parts={parts} />
    </svg>
  );
}
