// Other agents, and hosts outside the mesh, played by a test.

import type { Agent } from "../agent.ts";
import { agentError } from "../agent-error.ts";
import type { Call } from "../call.ts";
import type { Caller, Host } from "../host.ts";
import type { Piece } from "../pieces.ts";
import type { Outbound, OutboundCall, OutboundLeg } from "./outbound.ts";
import { type PlayedCall, playCall, wholeAnswer } from "./played-call.ts";
import { playOwn, wholeOwn } from "./played-own.ts";

/**
 * What another agent does in a test: a text that it always answers with, its `stream`, or
 * both of `stream` and `services`, as a whole agent has them.
 */
export type StandIn =
  | string
  | ((call: Call) => AsyncIterable<Piece>)
  | Pick<Agent, "stream" | "services">;

/** What stands in for the mesh around an agent under test. */
export interface StandIns {
  /** Other agents by name. Those that are not there refuse as the mesh does. */
  readonly agents?: Readonly<Record<string, StandIn>>;
  /** Hosts outside the mesh by name: the address where the test plays each. */
  readonly egress?: Readonly<Record<string, string>>;
}

/**
 * The way out of an agent under test.
 *
 * @param caller the name of the agent under test
 * @param hostOf what runs a stand-in
 */
export function standInCalls(
  standIns: StandIns,
  caller: string,
  hostOf: (agent: Agent) => Host,
): Outbound {
  const played = ({ agent: name }: OutboundLeg): Host => {
    const standIn = own(standIns.agents, name);
    if (standIn === undefined) throw notPlayed(name);
    if (typeof standIn === "string") return hostOf({ name, stream: () => saying(standIn) });
    return hostOf(typeof standIn === "function" ? { name, stream: standIn } : { ...standIn, name });
  };
  const callerOf = ({ caller: above, deadline, signal }: OutboundLeg): Caller => ({
    ...above,
    from: caller,
    ...(deadline !== undefined && { deadline }),
    signal,
  });
  const play = (call: OutboundCall): PlayedCall => playCall(played(call), call.ask, callerOf(call));
  return {
    invoke: async (call) => wholeAnswer(play(call)),
    async *stream(call) {
      yield* play(call).pieces;
    },
    invokeOwn: async (call) =>
      wholeOwn(playOwn(played(call), call.method, call.request, callerOf(call))),
    async *streamOwn(call) {
      yield* playOwn(played(call), call.method, call.request, callerOf(call));
    },
    egress: (name) => {
      const url = own(standIns.egress, name);
      if (url === undefined) throw new Error(`the test plays no host "${name}": add it to egress`);
      return { url, key: "placeholder" };
    },
  };
}

async function* saying(text: string): AsyncGenerator<Piece> {
  yield { kind: "delta", text };
}

function own<T>(of: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined;
}

function notPlayed(agent: string): Error {
  return agentError("PERMISSION_DENIED", `the test plays no agent "${agent}": add it to agents`, {
    reason: "AGENT_NOT_CALLABLE",
  });
}
