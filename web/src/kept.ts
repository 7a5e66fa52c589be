/** What the browser keeps between visits; nothing where it forbids that. */
const PREFIX = "cotmoc.";

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null; // storage is blocked
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // storage is blocked or full: the choice lasts as long as the page
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // storage is blocked: nothing was kept
  }
}

/** The names of what is kept that begin so. */
export function keptNames(start: string): string[] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX + start));
    return names.map((name) => name.slice(PREFIX.length));
  } catch {
    return []; // storage is blocked
  }
}
