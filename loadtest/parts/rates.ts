// The ways in which a script begins calls over time.
import type { Scenario } from "k6/options";

/** Begins so many a second, however long they take, from a second on for so many. */
export function steady(
  exec: string,
  rate: number,
  { from = 0, seconds }: { readonly from?: number; readonly seconds: number },
  callers = Math.max(10, rate),
): Scenario {
  return {
    executor: "constant-arrival-rate",
    exec,
    rate,
    timeUnit: "1s",
    startTime: `${from}s`,
    duration: `${seconds}s`,
    preAllocatedVUs: callers,
    maxVUs: callers * 2,
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
    maxVUs: callers * 2,
  };
}
