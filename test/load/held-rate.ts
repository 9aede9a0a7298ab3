// Whether a rate of calls was held, and how many cores a higher one needs.

import type { PhaseResult } from "../bench/load-types.ts";
import { percentile } from "../harness/percentile.ts";

/** What is asked of calls at a rate. */
export const mostP95Ms = 100;

/** The last call of the time may take so much longer, in seconds. */
const mostAfterS = 1;

/** What became of the calls of a rate. */
export type RateResult = Pick<PhaseResult, "calls" | "failures" | "seconds" | "sinceDue">;

/** Whether every call was begun and answered in the time, and 95 of 100 soon after they were due. */
export function isHeld(
  { calls, failures, seconds, sinceDue }: RateResult,
  rate: number,
  lasts: number,
): boolean {
  // The last call of the time may be begun in it or not.
  const due = Math.floor(rate * lasts * 0.995);
  const inTime = seconds <= lasts + mostAfterS;
  return failures === 0 && calls >= due && inTime && percentile(sinceDue, 0.95) < mostP95Ms;
}

/** How many processor cores a rate keeps busy, by what 1,000 calls cost, in processor seconds. */
export function coresFor(rate: number, secondsFor1000: number): number {
  return (rate / 1000) * secondsFor1000;
}
