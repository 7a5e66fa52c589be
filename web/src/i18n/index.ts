/** Words of the interface. Labels of vocabularies and fields come from the API (`words.ts`). */
import { effect, signal } from "@preact/signals";
import { keep, kept } from "../kept";
import { navigate, patched, path, query, queryText } from "../router";
import en from "./en.json";
import vi from "./vi.json";

export const LANGS = ["vi", "en"] as const;
export type Lang = (typeof LANGS)[number];
export type Key = keyof typeof vi;
export type Params = Record<string, string | number>;

const CATALOGUES: Record<Lang, Record<Key, string>> = { vi, en };
const KEY = "lang";

function asLang(value: string | null): Lang | null {
  return LANGS.includes(value as Lang) ? (value as Lang) : null;
}

export const lang = signal<Lang>(asLang(query.value.get("lang")) ?? asLang(kept(KEY)) ?? "vi");

effect(() => {
  const asked = asLang(query.value.get("lang"));
  if (asked) lang.value = asked;
});

effect(() => {
  document.documentElement.lang = lang.value;
  keep(KEY, lang.value);
});

export function setLang(next: Lang): void {
  lang.value = next;
  navigate(path.value + queryText(patched(query.value, { lang: next })), { replace: true });
}

export function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => String(params[name] ?? all));
}

/** The words of `key` in the present language, `{name}` replaced from `params`. */
export function t(key: Key, params: Params = {}): string {
  return fill(CATALOGUES[lang.value][key] ?? CATALOGUES.vi[key] ?? key, params);
}
