/** One upload: what the server says of it now, and changing what it is told of the file. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, request, send } from "../../api/client";
import { importsUrl } from "../../api/urls";
import type { Resource } from "../../state/resource";
import { type Action, useAction } from "../../ui/Form";
import { isWorking, type Options, type Told } from "./types";

const ASK_AGAIN = 1000; // ms between two looks at an upload that is being read

export const importUrl = (id: string): string => `${importsUrl}/${encodeURIComponent(id)}`;

type Patch = (options: Options) => Partial<Options>;

export interface Import {
  id: string;
  url: string; // of the upload in the API
  take: (told: Told) => void; // what an answer says of it
  held: Resource<Told>;
  changing: Action;
  asked: Partial<Options>; // what was changed and is not judged yet
  change: (patch: Patch) => void;
  again: () => void; // has the file judged anew
  stop: () => void; // ends what works on it
  stopping: boolean; // that was asked for and has not come about
}

type State = Omit<Resource<Told>, "reload">;
const LOADING: State = { data: null, error: null, loading: true, at: null, url: null };

function asError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "internal", String(error));
}

function useHeld(url: string) {
  const [state, setState] = useState(LOADING);
  const [round, setRound] = useState(0);
  const take = (data: Told) => setState({ ...LOADING, data, at: new Date(), loading: false });
  const reload = () => setRound((n) => n + 1);
  useEffect(() => {
    const abort = new AbortController();
    request<Told>(url, abort.signal).then(take, (error) => {
      if (abort.signal.aborted) return;
      setState((old) => ({ ...old, error: asError(error), loading: false }));
    });
    return () => abort.abort();
  }, [url, round]);
  return { held: { ...state, reload }, take };
}

export function useImport(id: string): Import {
  const url = importUrl(id);
  const { held, take } = useHeld(url);
  const told = held.data;
  const changing = useAction();
  const [stopping, setStopping] = useState(false);
  const [asked, setAsked] = useState<Partial<Options>>({});
  const options = useRef<Options | null>(null);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  if (told?.options) options.current = { ...told.options, ...asked };

  useEffect(() => {
    if (!told || !isWorking(told)) {
      setStopping(false);
      return;
    }
    const timer = setTimeout(held.reload, ASK_AGAIN);
    return () => clearTimeout(timer);
  }, [told]);

  /** Changes go to the server one after another. */
  const change = (patch: Patch) => {
    if (!options.current) return;
    const json = patch(options.current);
    options.current = { ...options.current, ...json };
    setAsked((old) => ({ ...old, ...json }));
    const sending = last.current.then(() =>
      changing.run(async () => {
        const { data } = await send<Told>("PATCH", url, { json });
        if (data) take(data);
      }),
    );
    last.current = sending;
    void sending.then(() => last.current === sending && setAsked({}));
  };
  const again = () =>
    void changing.run(async () => {
      const { data } = await send<Told>("PATCH", url, { json: {} });
      if (data) take(data);
    });
  const stop = () =>
    void changing.run(async () => {
      if (told?.job) await send("DELETE", new URL(told.job, location.href).pathname);
      setStopping(true);
      held.reload();
    });
  return { id, again, stop, stopping, url, take, held, changing, asked, change };
}
