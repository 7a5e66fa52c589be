/** Coordinates as people type them, decimal or in degrees, minutes and seconds. */
import type { LonLat } from "../../api/types";

const PART =
  /([NSEWĐBTD])?\s*(-?\d+(?:[.,]\d+)?)\s*(?:°|º|độ)?\s*(?:(\d+(?:[.,]\d+)?)\s*['′’]\s*(?:(\d+(?:[.,]\d+)?)\s*(?:"|″|”|''))?)?\s*([NSEWĐBTD])?/giu;
const NORTH = new Set(["N", "S", "B"]); // Bắc; Nam begins as North does
const MINUS = new Set(["S", "W", "T"]); // Tây

interface Angle {
  degrees: number;
  side: string;
}

const decimal = (text: string | undefined): number => Number((text ?? "0").replace(",", "."));

function angles(text: string): Angle[] {
  return [...text.matchAll(PART)].map(([, before, whole, minutes, seconds, after]) => {
    const side = (before ?? after ?? "").toUpperCase();
    const size = Math.abs(decimal(whole)) + decimal(minutes) / 60 + decimal(seconds) / 3600;
    const minus = (whole ?? "").startsWith("-") !== MINUS.has(side);
    return { degrees: minus ? -size : size, side };
  });
}

/** `12.3457, 107.1234` (latitude first) or with sides in any order; null where it cannot be read. */
export function readPlace(text: string): LonLat | null {
  const pair = /^\s*(-?\d+),(\d+)\s*[;\s]\s*(-?\d+),(\d+)\s*$/.exec(text);
  const [first, second, more] = angles(pair ? text : text.replace(/,\s+|;/g, " "));
  if (!first || !second || more) return null;
  const turned = first.side !== "" && !NORTH.has(first.side);
  const [lat, lng] = turned ? [second.degrees, first.degrees] : [first.degrees, second.degrees];
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? [lng, lat] : null;
}
