// The ways in which a script begins calls over time.
import type { Scenario } from "k6/options";

/**
 * Begins so many a second, however long they take, from a second on for so many.
 *
 * @param callers so many calls may be under way; beyond them k6 drops what is due. All are made
 * before the load: to make one in between takes k6 longer than a call.
 */
export function steady(
  exec: string,
  rate: number,
  { from = 0, seconds }: { readonly from?: number; readonly seconds: number },
  callers = Math.max(20, rate * 2),
): Scenario {
  return {
    executor: "constant-arrival-rate",
    exec,
    rate,
    timeUnit: "1s",
    startTime: `${from}s`,
    duration: `${seconds}s`,
    preAllocatedVUs: callers,
  };
}

/** Goes from one rate to the other. */
export function ramp(
  exec: string,
  { begin, end }: { readonly begin: number; readonly end: number },
  { from, seconds }: { readonly from: number; readonly seconds: number },
  callers: number,
): Scenario {
  return {
    executor: "ramping-arrival-rate",
    exec,
    startRate: begin,
    timeUnit: "1s",
    startTime: `${from}s`,
    stages: [{ target: end, duration: `${seconds}s` }],
    preAllocatedVUs: callers,
  };
}
