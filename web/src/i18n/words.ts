/** What the server says of itself: its layers, its vocabularies, whether it is an exercise. */
import { computed, signal } from "@preact/signals";
import { type ApiError, request } from "../api/client";
import type { FieldInfo, Info, LayerInfo, Properties, Vocabularies, Word } from "../api/types";
import { infoUrl, vocabulariesUrl } from "../api/urls";
import { type Lang, lang } from "./index";

export const info = signal<Info | null>(null);
export const vocabularies = signal<Vocabularies>({});
export const startError = signal<ApiError | null>(null);

export async function loadWords(): Promise<void> {
  startError.value = null;
  try {
    const [about, words] = await Promise.all([
      request<Info>(infoUrl),
      request<Vocabularies>(vocabulariesUrl),
    ]);
    vocabularies.value = words;
    info.value = about;
  } catch (error) {
    startError.value = error as ApiError;
  }
}

/** Today by the server's clock, YYYY-MM-DD. */
export const today = computed(() => info.value?.today ?? new Date().toISOString().slice(0, 10));

export function words(vocabulary: string): Word[] {
  return vocabularies.value[vocabulary] ?? [];
}

/** Label of a value of a vocabulary; the value itself where it is unknown. */
export function label(vocabulary: string, value: string | null | undefined): string {
  if (!value) return "";
  return words(vocabulary).find((word) => word.value === value)?.[lang.value] ?? value;
}

export function layer(name: string): LayerInfo | undefined {
  return info.value?.layers.find((one) => one.name === name);
}

export function layerTitle(name: string): string {
  return layer(name)?.[`title_${lang.value}`] ?? name;
}

export function field(layerName: string, name: string): FieldInfo | undefined {
  return layer(layerName)?.fields.find((one) => one.name === name);
}

/** A remark in the reader's language: `note_vi` or `note`, whichever is there if one is missing. */
export function localText(row: object | null, name: string): string {
  const of = (row ?? {}) as Properties;
  const [vi, en] = [of[`${name}_vi`], of[name]];
  return String((lang.value === "vi" ? vi || en : en || vi) ?? "");
}

/** `name_vi` or `name_en` by language, else whichever is there. Takes any prefix. */
export function named(row: object | null, prefix = "name", by: Lang = lang.value): string {
  if (!row) return "";
  const of = row as Properties;
  const other = by === "vi" ? "en" : "vi";
  return String(of[`${prefix}_${by}`] ?? of[`${prefix}_${other}`] ?? of[prefix] ?? "");
}
