// How an instance tells a failure that is not its own illness, so that Envoy does not leave it alone for that.

import { canonicalCodes } from "./codes.ts";

/**
 * Envoy takes UNAVAILABLE and DEADLINE_EXCEEDED for an instance that is ill, and cannot be
 * told otherwise. One that is but full, or whose caller gave too little time, answers `instead`,
 * and says in `header` what it means; the Envoy that called puts that in place again. Only where
 * nothing of an answer was sent: what comes after that, Envoy does not count.
 */
export const saidStatus = {
  /** Has the number of the code that is meant; callers do not get it. */
  header: "smartcall-status",
  /** A code that Envoy does not count. */
  instead: canonicalCodes.RESOURCE_EXHAUSTED,
  /** The codes that may be meant, with their HTTP statuses. */
  http: { UNAVAILABLE: 503, DEADLINE_EXCEEDED: 504 },
} as const;
