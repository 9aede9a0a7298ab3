// Which failed calls are tried again, and when a try is too slow.

import { create } from "@bufbuild/protobuf";
import {
  type RetryPolicy,
  RetryPolicySchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import { PreviousHostsPredicateSchema } from "@smartcall/envoy/api/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb.js";
import { canonicalCodes, saidStatus } from "@smartcall/protos";
import type { Route } from "../model/mesh.ts";
import type { RouteAction } from "./destinations.ts";
import { any, milliseconds } from "./message.ts";

/**
 * What a method answers with: one message, or a stream. Of a stream only the time to its
 * first event is bounded, and it is never asked for twice at once.
 */
export type Answers = "once" | "stream";

/**
 * How often Envoy chooses until it meets another instance. Many, because it prefers
 * those with few calls, and an instance that fails at once has always few.
 */
const choices = 100n;

/**
 * What a sidecar says of a call that it could not bring to an end: its answer alone would not
 * tell the Envoy that called whether the agent has had the call. Nobody else gets to see them.
 */
export const sidecarMarks = {
  /** The agent never had it. */
  untaken: "smartcall-untaken",
  /** The agent's connection, or its stream, broke before it answered. */
  broken: "smartcall-broken",
} as const;

/** No instance took the call. */
const untaken = ["connect-failure", "refused-stream", "retriable-headers"];

/** Of all routes that do not say more: what never reached an agent is tried again. */
export const standardRetry: RetryPolicy = create(RetryPolicySchema, {
  retryOn: untaken.join(","),
  retriableHeaders: [has(sidecarMarks.untaken)],
  numRetries: 2,
  ...elsewhere(),
});

/** Whether the two kinds of methods need routes of their own. */
export function differsByAnswer({ retry }: Route): boolean {
  return (
    retry?.perTryMs !== undefined || retry?.firstEventMs !== undefined || retry?.hedge === true
  );
}

/** How often a call is put to the agents of `to`, before those of `fallback` are asked. */
export function ownTries({ retry }: Route): number {
  return 1 + (retry?.attempts ?? 0);
}

/**
 * What never reached an agent is always tried again; what else is, the route says, and
 * one with agents to fall back to means it of all that it may be: Envoy has one list of
 * reasons for a call, and not one for each agent that it asks. Each time on an instance
 * that was not asked before, where there is one. Nothing is tried again once its answer,
 * or its first event, has begun.
 *
 * Between two tries Envoy waits a random time, of at most 25 ms at first, and up to ten
 * times as long later, so that those who failed together do not come back together.
 *
 * @returns nothing where it is as on all routes
 */
export function retriesOf(route: Route, answers?: Answers): RouteAction {
  const { fallback = [], retry } = route;
  if (retry === undefined && fallback.length === 0) return {};
  const longest = answers === "stream" ? retry?.firstEventMs : retry?.perTryMs;
  const perTry = answers === undefined ? undefined : longest;
  const hedged = answers === "once" && retry?.hedge === true && perTry !== undefined;
  return {
    retryPolicy: create(RetryPolicySchema, {
      ...reasonsOf(route),
      numRetries: ownTries(route) - 1 + fallback.length,
      // Ends with the first byte of an answer, which the kit sends no sooner than an event.
      ...(perTry !== undefined && { perTryTimeout: milliseconds(perTry) }),
      ...(fallback.length > 0 && { refreshClusterOnRetry: true }),
      ...elsewhere(),
    }),
    ...(hedged && { hedgePolicy: { hedgeOnPerTryTimeout: true } }),
  };
}

/** Envoy resets a try that is too slow, and tells that from no other reset. */
function reasonsOf({ fallback = [], retry }: Route) {
  const own = (retry?.on ?? []).map((each) => (each === "slow" ? "reset" : each));
  const others = fallback.length === 0 ? [] : ["reset", "unavailable"];
  const reasons = [...new Set([...own, ...others])].sort();
  const broken = retry?.on.includes("reset") === true || fallback.length > 0;
  return {
    retryOn: [...untaken, ...reasons].join(","),
    retriableHeaders: [
      has(sidecarMarks.untaken),
      ...(broken ? [has(sidecarMarks.broken)] : []),
      // An instance that is full began nothing.
      ...(reasons.includes("unavailable")
        ? [{ name: saidStatus.header, headerMatchSpecifier: full }]
        : []),
    ],
  };
}

/** What an instance that is full says, with a status that Envoy does not try again for. */
const full = {
  case: "stringMatch",
  value: { matchPattern: { case: "exact", value: `${canonicalCodes.UNAVAILABLE}` } },
} as const;

function has(name: string) {
  return { name, headerMatchSpecifier: { case: "presentMatch" as const, value: true } };
}

function elsewhere() {
  return {
    retryHostPredicate: [
      {
        name: "previous-hosts",
        configType: {
          case: "typedConfig" as const,
          value: any(PreviousHostsPredicateSchema, {}),
        },
      },
    ],
    hostSelectionRetryMaxAttempts: choices,
  };
}
