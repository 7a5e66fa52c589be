/** Hand a file to the user that was made in the browser. */
import type { Feature } from "../../api/types";

export function geoJsonText(features: Feature[], about: Record<string, unknown>): string {
  return JSON.stringify({ type: "FeatureCollection", ...about, features }, null, 1);
}

export function saveGeoJson(
  name: string,
  features: Feature[],
  about: Record<string, unknown>,
): void {
  const file = about.exercise ? `DIEN-TAP-${name}` : name;
  saveText(file, geoJsonText(features, about), "application/geo+json");
}

export function saveText(name: string, text: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
