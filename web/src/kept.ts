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
