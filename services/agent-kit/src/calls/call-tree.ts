// The calls that an agent makes for one that it answers: they end when it does.

import type { Clock } from "@smartcall/runtime";
import { agentError } from "../agent-error.ts";
import { callerLeft } from "../failure.ts";
import type { Caller } from "../host.ts";
import type { Outbound, OutboundLeg } from "./outbound.ts";
import { type EgressPlace, type Peer, type PeerLimits, wholeAsk } from "./peer.ts";

/** Of the time that is left this share, and at most so long, is kept for the agent's own answer. */
const margin = { share: 0.2, mostMs: 200 } as const;

/** What one call can reach. */
export interface CallTree {
  readonly agent: (name: string) => Peer;
  readonly egress: (name: string) => EgressPlace;
  /** Ends what still runs of it. */
  end(): void;
}

/** @param stop aborts when the call that they are part of does */
export function createCallTree(
  outbound: Outbound | undefined,
  caller: Caller,
  stop: { readonly signal: AbortSignal },
  clock: Clock,
): CallTree {
  // Made by the first call of an agent that makes any: most make none.
  let over: AbortController | undefined;
  let ended = false;
  const begin = (agent: string, limits: PeerLimits): OutboundLeg => {
    over ??= new AbortController();
    if (ended) over.abort(callerLeft);
    const ends = [
      stop.signal,
      over.signal,
      ...(limits.signal === undefined ? [] : [limits.signal]),
    ];
    const deadline = deadlineOf(caller.deadline, limits.timeoutMs, clock.now());
    return { agent, caller, deadline, signal: AbortSignal.any(ends) };
  };
  const way = (): Outbound => {
    if (outbound !== undefined) return outbound;
    throw agentError("UNAVAILABLE", "this agent runs without a sidecar: it can call nobody", {
      reason: "AGENT_UNAVAILABLE",
    });
  };
  return {
    agent: (name) => ({
      invoke: async (ask, limits = {}) =>
        way().invoke({ ...begin(name, limits), ask: wholeAsk(ask) }),
      async *stream(ask, limits = {}) {
        yield* way().stream({ ...begin(name, limits), ask: wholeAsk(ask) });
      },
      invokeOwn: async (method, request, limits = {}) =>
        way().invokeOwn({ ...begin(name, limits), method, request }),
      async *streamOwn(method, request, limits = {}) {
        yield* way().streamOwn({ ...begin(name, limits), method, request });
      },
    }),
    egress: (name) => way().egress(name),
    end() {
      ended = true;
      over?.abort(callerLeft);
    },
  };
}

/** The earlier of the own call's time, less a little, and the time asked for. */
function deadlineOf(
  own: number | undefined,
  timeoutMs: number | undefined,
  now: number,
): number | undefined {
  const asked = timeoutMs === undefined ? Number.POSITIVE_INFINITY : now + timeoutMs;
  const left = own === undefined ? Number.POSITIVE_INFINITY : Math.max(0, own - now);
  const kept = Number.isFinite(left) ? Math.min(left * margin.share, margin.mostMs) : 0;
  const deadline = Math.min(asked, now + left - kept);
  return Number.isFinite(deadline) ? deadline : undefined;
}
