import { effect, signal } from "@preact/signals";
import { keep, kept } from "../kept";

export const THEMES = ["light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "theme";

function initial(): Theme {
  const chosen = kept(KEY) as Theme | null;
  if (chosen && THEMES.includes(chosen)) return chosen;
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export const theme = signal<Theme>(initial());

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  keep(KEY, theme.value);
});

export function nextTheme(): void {
  const next = (THEMES.indexOf(theme.value) + 1) % THEMES.length;
  theme.value = THEMES[next] ?? "light";
}

/** Value of a design token as the page resolves it now, for canvas drawing. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
