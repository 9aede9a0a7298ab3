// Other agents, and hosts outside the mesh, played by a test.

import type { Agent } from "../agent.ts";
import { agentError } from "../agent-error.ts";
import type { Call } from "../call.ts";
import type { Host } from "../host.ts";
import type { Piece } from "../pieces.ts";
import type { Outbound, OutboundCall } from "./outbound.ts";
import { type PlayedCall, playCall, wholeAnswer } from "./played-call.ts";

/** What another agent does in a test: a text that it always answers with, or its `stream`. */
export type StandIn = string | ((call: Call) => AsyncIterable<Piece>);

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
  const play = (call: OutboundCall): PlayedCall => {
    const standIn = own(standIns.agents, call.agent);
    if (standIn === undefined) throw notPlayed(call.agent);
    const stream = typeof standIn === "string" ? () => saying(standIn) : standIn;
    const { deadline, signal } = call;
    return playCall(hostOf({ name: call.agent, stream }), call.ask, {
      ...call.caller,
      from: caller,
      ...(deadline !== undefined && { deadline }),
      signal,
    });
  };
  return {
    invoke: async (call) => wholeAnswer(play(call)),
    async *stream(call) {
      yield* play(call).pieces;
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
