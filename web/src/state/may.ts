/** Whether the reader may change what an address stands for; the server alone decides. */
import { useEffect, useState } from "preact/hooks";
import { allowed } from "../api/client";
import { itemsUrl, itemUrl } from "../api/urls";
import { session } from "./session";

/** Whether the reader may do this in any row, such as "import". */
export const may = (action: string): boolean => session.value.may.includes(action);

function useMay(url: string | null, method: string): boolean {
  const [may, setMay] = useState(false);
  useEffect(() => {
    const abort = new AbortController();
    setMay(false);
    if (url === null) return;
    allowed(url, abort.signal).then(
      (methods) => setMay(methods.includes(method)),
      () => undefined, // whoever cannot ask cannot change anything either
    );
    return () => abort.abort();
  }, [url, method]);
  return may;
}

/** Whether the reader may change a row; `ask` false: it is known that he may not. */
export const useMayEdit = (layer: string, id: string, ask = true): boolean =>
  useMay(ask ? itemUrl(layer, id) : null, "PATCH");

export const useMayAdd = (layer: string): boolean =>
  useMay(itemsUrl(layer, { limit: null }), "POST");
