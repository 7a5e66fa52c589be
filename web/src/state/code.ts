/** Code that comes when it is first asked for, and what to do where it does not come. */
import { bytes } from "../api/client";

type Load<T> = () => Promise<T>;

const here = new Map<Load<unknown>, unknown>();
const coming = new Map<Load<unknown>, Promise<unknown>>();

/** What has come already. */
export const brought = <T>(load: Load<T>): T | null => (here.get(load) as T | undefined) ?? null;

/** Fetch it, once. */
export function bring<T>(load: Load<T>): Promise<T> {
  const under = coming.get(load) as Promise<T> | undefined;
  if (under) return under;
  const way = load();
  coming.set(load, way);
  way.then(
    (code) => here.set(load, code),
    () => coming.delete(load),
  );
  return way;
}

const HOME = "/"; // the page of the app; the script that it names has the version in its name

/** Whether the server has another version of the app than this page. Throws an ApiError. */
async function isOutdated(): Promise<boolean> {
  const own = document.querySelector("script[type=module]")?.getAttribute("src");
  const page = new TextDecoder().decode((await bytes(HOME)) ?? undefined);
  return Boolean(own) && !page.includes(own as string);
}

/**
 * Where code did not come because there is a new version by now, load the page anew: once for an
 * address, so that two servers of different versions do not send it to and fro. Throws an ApiError.
 */
export async function renew(): Promise<void> {
  if (history.state?.renewed || !(await isOutdated())) return;
  history.replaceState({ renewed: true }, "");
  location.reload();
  await new Promise(() => undefined); // until it is gone
}

/** Load the page anew if there is a server to load it from. Throws an ApiError. */
export async function reload(): Promise<void> {
  await bytes(HOME);
  location.reload();
}
