/** Addresses of the steps of an import. */
import { href, path, query } from "../../router";

export const STEPS = ["columns", "check", "write"] as const;
export type Step = (typeof STEPS)[number];

export function stepOf(): Step {
  const named = query.value.get("step");
  return STEPS.find((step) => step === named) ?? "columns";
}

export const stepHref = (step: Step, more: Record<string, string | null> = {}): string =>
  href(path.value, { step, start: null, only: null, ...more });
