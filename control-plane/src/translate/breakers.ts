// How many calls may be on their way to an agent at once.

import type { CircuitBreakersSchema } from "@smartcall/envoy/api/envoy/config/cluster/v3/circuit_breaker_pb.js";
import type { Agent } from "../model/mesh.ts";
import type { PartsOf } from "./message.ts";

/**
 * Streams are long, so many run at once, and most of them wait for a model: only what
 * would fill the memory of a node is turned away (about 75 KB for each call by REST).
 */
export const mostCalls = 12_000;

/**
 * The bounds of an agent's cluster, for each node by itself. What is over them is
 * refused at once.
 *
 * As many tries as calls that run may be a second one, so that half of the instances
 * can go at once; when nearly all fail, that is next to none, and callers' load is
 * not multiplied. Where others stand in for the agent it is not so bounded, since that
 * is load for them.
 */
export function breakersOf(
  running: number,
  hasStandIns: boolean,
): PartsOf<typeof CircuitBreakersSchema> {
  return {
    thresholds: [
      {
        maxConnections: mostCalls,
        maxPendingRequests: running,
        maxRequests: running,
        retryBudget: {
          budgetPercent: { value: 100 },
          minRetryConcurrency: hasStandIns ? mostCalls : 20,
        },
      },
    ],
  };
}

/**
 * Calls that may run at once, or wait for a connection. An instance behind a sidecar
 * keeps its `concurrency` there; for the others, each node that calls does.
 */
export function mostRunning({ concurrency, instances }: Agent): number {
  const alone = instances.length > 0 && instances.every(({ reach }) => reach !== "sidecar");
  if (concurrency === undefined || !alone) return mostCalls;
  return Math.min(mostCalls, concurrency.running * instances.length);
}
