/** Whose data a map shows, each named once. */
import type { Info } from "../../api/types";

const LICENCE_JOINTS = /;\s*| and /;

function unique(parts: readonly string[]): string[] {
  return [...new Set(parts.map((part) => part.trim()).filter(Boolean))];
}

/** `© OpenStreetMap contributors · GeoNames (CC-BY-4.0, ODbL-1.0)`. */
export function creditLine(attribution: Info["attribution"]): string {
  const names = unique(attribution.flatMap(({ text }) => text.split(";")));
  const licences = unique(attribution.flatMap(({ licence }) => licence.split(LICENCE_JOINTS)));
  const line = names.join(" · ");
  return licences.length ? `${line} (${licences.join(", ")})` : line;
}
