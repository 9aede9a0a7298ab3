// Refusals that most routes share, so that not each of ten thousand carries the words.

import type { Refusal } from "./refusal.ts";

/** No route of a known agent takes the call. */
export const noRoute: Refusal = {
  reason: "NO_ROUTE",
  message: "No route to this agent takes this call: its routes ask for something else.",
};

/** The path is a method's, and takes POST only. */
export const wrongMethod: Refusal = {
  reason: "METHOD_NOT_ALLOWED",
  message: "This path takes POST only.",
};

/** The caller lacks what a route asks for. */
export function scopeMissing(scopes: readonly string[]): Refusal {
  return {
    reason: "SCOPE_MISSING",
    message: `The token needs the scope ${scopes.join(" ")}.`,
  };
}
