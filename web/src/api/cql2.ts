/** Filters of the screen as CQL2 text (OGC 21-065r2), for items, counts, tiles and files alike. */

export const NO_VALUE = "null"; // stands for rows without a value among the values asked for

export interface Wanted {
  values?: Record<string, readonly string[]>; // by property: any of these
  text?: string | null; // found in any of the properties `within`; accents and case do not count
  within?: readonly string[];
}

/** A text as a literal: its quotes are doubled. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A text as the part of a LIKE pattern that stands for itself. */
const literally = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

const plain = (expression: string): string => `CASEI(ACCENTI(${expression}))`;

function anyOf(parts: string[]): string {
  return parts.length > 1 ? `(${parts.join(" OR ")})` : parts.join("");
}

function among(property: string, values: readonly string[]): string {
  const named = values.filter((value) => value !== NO_VALUE).map(quoted);
  const parts = named.length ? [`${property} IN (${named.join(",")})`] : [];
  if (named.length < values.length) parts.push(`${property} IS NULL`);
  return anyOf(parts);
}

function holding(text: string, properties: readonly string[]): string {
  const pattern = plain(quoted(`%${literally(text)}%`));
  return anyOf(properties.map((property) => `${plain(property)} LIKE ${pattern}`));
}

/** All of the conditions, null among them left out; null where there is none. */
export function allOf(...conditions: (string | null)[]): string | null {
  return conditions.filter(Boolean).join(" AND ") || null;
}

/** The condition that leaves what is wanted; null where everything is. */
export function cql2({ values = {}, text, within = [] }: Wanted): string | null {
  const chosen = Object.entries(values).filter(([, some]) => some.length > 0);
  const words = text?.trim();
  return allOf(
    ...chosen.map(([property, some]) => among(property, some)),
    words && within.length ? holding(words, within) : null,
  );
}
