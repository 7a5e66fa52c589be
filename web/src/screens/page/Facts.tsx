/** Figures and facts: a figure never stands alone. */
import type { ComponentChildren } from "preact";

export interface Figure {
  value: string;
  unit: string;
  note: ComponentChildren; // as of, basis, source
}

export function KeyFigures({ figures }: { figures: Figure[] }) {
  return (
    <dl class="key-figures">
      {figures.map(({ value, unit, note }) => (
        <div key={unit} class="key-figure">
          <dt>{unit}</dt>
          <dd class="value num">{value}</dd>
          <dd class="note">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

export type Fact = [name: string, value: ComponentChildren];

/** Name and value pairs; those without a value are left out. */
export function FactList({ facts }: { facts: Fact[] }) {
  return (
    <dl class="leaf-facts">
      {facts
        .filter(
          ([, value]) => value !== null && value !== undefined && value !== "" && value !== false,
        )
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
