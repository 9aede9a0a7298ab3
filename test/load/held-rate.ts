// Whether a rate of calls was held, and how many cores a higher one needs.

import type { PhaseResult } from "../bench/load-types.ts";
import { percentile } from "../harness/percentile.ts";

/** What is asked of calls at a rate. */
export const mostP95Ms = 100;

/** Whether every call began when it was due and was answered, and 95 of 100 in time. */
export function isHeld(
  { calls, failures, whole }: Pick<PhaseResult, "calls" | "failures" | "whole">,
  rate: number,
  seconds: number,
): boolean {
  // The last call of the time may be begun in it or not.
  const due = Math.floor(rate * seconds * 0.995);
  return failures === 0 && calls >= due && percentile(whole, 0.95) < mostP95Ms;
}

/** How many processor cores a rate keeps busy, by what 1,000 calls cost, in processor seconds. */
export function coresFor(rate: number, secondsFor1000: number): number {
  return (rate / 1000) * secondsFor1000;
}
