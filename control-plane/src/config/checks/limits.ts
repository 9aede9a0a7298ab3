// Checks the limits of a route: each by itself, and that each can ever be the one that counts.

import type { CallerKey } from "../language/caller-key.ts";
import { mostGatewayLimits } from "../language/limits.ts";
import type { RouteConfig } from "../mesh-config.ts";
import type { LimitConfig } from "../policy-config.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import { hasToken, tokenlessWords } from "./access.ts";

/** Reports all that is wrong with the limits of one route. */
export function checkLimits(route: RouteConfig, report: Report): void {
  if (route.limits === undefined) return;
  const first = new Map<string, LimitConfig>();
  for (const limit of route.limits) {
    const found = contradiction(limit);
    if (limit.flawed.size > 0) continue;
    if (found !== undefined) {
      report(problem("SC418", limit.at, { route: route.name, found }));
      continue;
    }
    if (!hasToken(route) && isOfToken(limit.by.value)) {
      const words = { route: route.name, because: tokenlessWords(route), what: "A limit" };
      report(problem("SC420", limit.by.at, { ...words, key: keyText(limit.by.value) }));
    }
    const window = limit.per?.value ?? "at-once";
    const key = `${window} ${keyText(limit.by.value)}`;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, limit);
    } else {
      const words = { route: route.name, key: keyText(limit.by.value) };
      const place = placeOf(earlier.at, limit.at);
      const over = limit.per === undefined ? "at once" : `per ${limit.per.value}`;
      report(problem("SC419", limit.at, { ...words, over, place }));
    }
  }
  checkCount(route, report);
}

/** Gateways have a place for only so many of them. */
function checkCount(route: RouteConfig, report: Report): void {
  const counted = (route.limits ?? []).filter(({ per }) => /second|minute/.test(per?.value ?? ""));
  const over = counted[mostGatewayLimits];
  if (over === undefined) return;
  const words = { route: route.name, count: String(counted.length) };
  report(problem("SC422", over.at, { ...words, most: String(mostGatewayLimits) }));
}

/** Whether only a token says it. */
export function isOfToken({ kind }: CallerKey<string>): boolean {
  return kind === "subject" || kind === "claim";
}

/** As it is written. */
export function keyText(key: CallerKey<string>): string {
  return "claim" in key ? `claim:${key.claim}` : key.kind;
}

function contradiction({ concurrent, per, requests }: LimitConfig): string | undefined {
  if (concurrent !== undefined && requests !== undefined) return "both `requests` and `concurrent`";
  if (concurrent !== undefined && per !== undefined) return "`concurrent`, but also `per`";
  if (concurrent === undefined && requests === undefined) {
    return "neither `requests` nor `concurrent`";
  }
  return concurrent === undefined && per === undefined ? "`requests`, but no `per`" : undefined;
}
