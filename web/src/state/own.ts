/** What the browser keeps of one person: nobody else gets it, and signing out takes it away. */
import { forget, keep, kept, keptNames } from "../kept";

export const DRAFTS = "draft."; // beginning of the names of rows that are being typed
const OWN = "own.";
const PERSON = "person"; // id of who was signed in last

/** The name under which something of a person is kept; of nobody, where one may write unnamed. */
export const ownName = (person: string | undefined, name: string): string =>
  `${OWN}${person ?? "nobody"}.${name}`;

/** Names of what is kept of a person that begin so. */
export const ownNames = (person: string | undefined, start: string): string[] =>
  keptNames(ownName(person, start));

export function forgetOwn(): void {
  for (const name of keptNames(OWN)) forget(name);
  forget(PERSON);
}

/** Somebody is signed in: what is kept of anybody else goes. */
export function isNow(person: string): void {
  if (kept(PERSON) === person) return;
  forgetOwn();
  keep(PERSON, person);
}
