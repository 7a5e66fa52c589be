/** Data behind an address: what is known, whether it is being fetched, what went wrong. */
import { useEffect, useState } from "preact/hooks";
import { ApiError, request } from "../api/client";

export interface Resource<T> {
  data: T | null; // the last good answer; kept while the next one loads
  error: ApiError | null;
  loading: boolean;
  at: Date | null; // when `data` came
  url: string | null; // address that `data` answers
  reload: () => void;
}

interface Kept {
  data: unknown;
  at: Date;
}

const answers = new Map<string, Kept>();
const KEEP = 60; // answers kept for going back and for being offline

function keep(url: string, data: unknown): Kept {
  const kept = { data, at: new Date() };
  answers.delete(url);
  answers.set(url, kept);
  const oldest = answers.keys().next().value;
  if (answers.size > KEEP && oldest !== undefined) answers.delete(oldest);
  return kept;
}

/** The next reader is shown other rows. */
export const forgetAnswers = (): void => answers.clear();

function asError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "internal", String(error));
}

type State<T> = Omit<Resource<T>, "reload">;
const EMPTY = { data: null, error: null, loading: false, at: null, url: null };

function started<T>(old: State<T>, url: string): State<T> {
  const kept = answers.get(url) as { data: T; at: Date } | undefined;
  return kept
    ? { ...kept, url, error: null, loading: true }
    : { ...old, error: null, loading: true };
}

/** Fetch `url` (null: nothing) and follow its changes. A newer address cancels an older fetch. */
export function useResource<T>(url: string | null): Resource<T> {
  const [state, setState] = useState<State<T>>(() => (url === null ? EMPTY : started<T>(EMPTY, url)));
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (url === null) {
      setState(EMPTY);
      return;
    }
    const abort = new AbortController();
    setState((old) => started(old, url));
    request<T>(url, abort.signal).then(
      (data) => setState({ ...keep(url, data), data, url, error: null, loading: false }),
      (error) => {
        if (abort.signal.aborted) return;
        setState((old) => ({ ...old, error: asError(error), loading: false }));
      },
    );
    return () => abort.abort();
  }, [url, round]);
  return { ...state, reload: () => setRound((n) => n + 1) };
}
