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
  const blob = new Blob([geoJsonText(features, about)], { type: "application/geo+json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = about.exercise ? `DIEN-TAP-${name}` : name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
