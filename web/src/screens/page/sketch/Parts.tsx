import type { Part } from "../../../map/signs";

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
