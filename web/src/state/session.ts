/** Who is signed in. The cookie is the server's; the page knows what the server tells of it. */
import { computed, signal } from "@preact/signals";
import { guard, request, send } from "../api/client";
import { forgetOwn, isNow } from "./own";
import { forgetAnswers } from "./resource";

export interface User {
  id: string;
  login: string;
  name: string;
  role: string;
  acts_as: string; // a viewer until the second factor is shown, where the role needs one
  provinces: string[]; // ids of admin_units
  has_password: boolean;
  has_second_factor: boolean;
  mail: string | null; // address
}

export interface Session {
  user: User | null;
  second_factor: "not_needed" | "shown" | "needed" | "to_enrol";
  csrf: string | null;
  may: string[]; // what the reader may do, were it only in some rows
  sees: string; // the least open classification that the reader is shown
  sign_in: { password: boolean; oidc: boolean }; // the ways in
}

const NOBODY: Session = {
  user: null,
  second_factor: "not_needed",
  csrf: null,
  may: [],
  sees: "public",
  sign_in: { password: true, oidc: false },
};
const ADDRESS = "/api/session";

export const session = signal<Session>(NOBODY);
export const asked = signal(false); // whether the server has told who it is
export const user = computed(() => session.value.user);

const reader = ({ user }: Session): string => [user?.id, user?.acts_as].join();

export function take(next: Session): void {
  if (asked.value && reader(next) !== reader(session.value)) forgetAnswers();
  if (next.user) isNow(next.user.id);
  guard.csrf = next.csrf;
  session.value = next;
}

/** Ask the server; whoever cannot ask is nobody. */
export async function loadSession(): Promise<void> {
  take(await request<Session>(ADDRESS).catch(() => NOBODY));
  asked.value = true;
}

async function changed(method: "POST" | "PUT", url: string, json: unknown): Promise<Session> {
  const { data } = await send<Session>(method, url, { json });
  take(data ?? NOBODY);
  return data ?? NOBODY;
}

export const signIn = (login: string, password: string): Promise<Session> =>
  changed("POST", ADDRESS, { login, password });

export const showSecondFactor = (code: string): Promise<Session> =>
  changed("POST", `${ADDRESS}/second-factor`, { code });

export async function signOut(everywhere = false): Promise<void> {
  await send("DELETE", everywhere ? `${ADDRESS}?everywhere=true` : ADDRESS);
  forgetOwn();
  take(NOBODY);
}

/** Where to go after signing in: a place of this site, whatever the address says. */
export function nextPlace(asked: string | null): string {
  if (!asked?.startsWith("/")) return "/";
  const url = new URL(asked, "http://here");
  return url.origin === "http://here" ? url.pathname + url.search : "/";
}
