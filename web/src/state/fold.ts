/** Vietnamese text without accents, in lower case; đ is d. */
export function fold(text: string): string {
  return text.replace(/[Đđ]/g, "d").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
