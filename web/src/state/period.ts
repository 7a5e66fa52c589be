/** Days of a period as instants by the reader's clock, which is what logs are asked by. */

function start(day: string, later: number): string {
  const at = new Date(`${day}T00:00:00`);
  if (Number.isNaN(at.getTime())) return day; // the server says what is wrong with it
  at.setDate(at.getDate() + later);
  return at.toISOString();
}

/** The first moment of a day (YYYY-MM-DD); null for none. */
export const dayStart = (day: string | null): string | null => (day ? start(day, 0) : null);

/** The moment at which a day is over. */
export const dayEnd = (day: string | null): string | null => (day ? start(day, 1) : null);
