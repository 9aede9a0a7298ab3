// Checks that the parts of a route's `retry` make sense together.

import type { RouteConfig } from "../mesh-config.ts";
import { problem, type Report } from "../problem.ts";
import { durationText } from "../schema/scalars.ts";

/** Reports tries that leave no time for another, and parts that do nothing without others. */
export function checkRetry(route: RouteConfig, report: Report): void {
  const { name, retry, timeout } = route;
  if (retry === undefined) return;
  const { firstEvent, flawed, hedge, on, perTry } = retry;
  if (!route.flawed.has("timeout")) {
    for (const [key, bound] of Object.entries({ perTry, firstEvent })) {
      if (bound === undefined || bound.value < timeout) continue;
      const [time, whole] = [durationText(bound.value), durationText(timeout)];
      report(problem("SC439", bound.at, { key, time, route: name, timeout: whole }));
    }
  }
  const refuse = (at: RouteConfig["at"], found: string, advice: string): void =>
    report(problem("SC440", at, { route: name, found, advice }));
  const isKnown = (...keys: readonly string[]): boolean => keys.every((key) => !flawed.has(key));
  if (hedge?.value === true && perTry === undefined && isKnown("perTry")) {
    refuse(hedge.at, "`hedge: true`, but no `perTry`", "Add `perTry: 2s`, or remove `hedge`.");
  }
  if (on === undefined || !isKnown("on")) return;
  const bound = perTry ?? firstEvent;
  if (on.value.includes("slow")) {
    if (bound === undefined && isKnown("perTry", "firstEvent")) {
      const advice = "Add `perTry: 2s`, `firstEvent: 3s` or both, or remove `slow`.";
      refuse(on.at, "`slow` in `on`, but neither `perTry` nor `firstEvent`", advice);
    }
  } else if (bound !== undefined) {
    const key = perTry === undefined ? "firstEvent" : "perTry";
    refuse(
      bound.at,
      `\`${key}\`, but no \`slow\` in \`on\``,
      `Add \`slow\` to \`on\`, or remove \`${key}\`.`,
    );
  }
}
