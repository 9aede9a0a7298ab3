// Calls an agent in a test: no Envoy and no network, but the same bytes and the same machine.

import type { Clock, Log } from "@smartcall/runtime";
import type { Agent } from "./agent.ts";
import type { PeerAnswer, PeerAsk, PeerPiece } from "./calls/peer.ts";
import type { StandIns } from "./calls/stand-ins.ts";
import type { Identity } from "./identity.ts";
import type { OwnMethod } from "./own/own-method.ts";

/** What a test asks: a text, which is one message of the user, or all of it. */
export type TestAsk = PeerAsk;

/** How a test's caller behaves. */
export interface TestCaller {
  /** Aborts when the caller leaves. */
  readonly signal?: AbortSignal;
  /** The tokens that its budget leaves the call. Left out: no budget bounds it. */
  readonly grant?: number;
  /** How long the caller waits, in milliseconds. Left out: without end. */
  readonly deadlineMs?: number;
  /** Whom its token names; what is left out is as of any token. Left out whole: no token. */
  readonly caller?: Partial<Identity>;
  /** Who makes the call: `gateway`, or an agent's name. Left out: nobody has proved it. */
  readonly from?: string;
  /** The names of its certificate. Left out: it shows none. */
  readonly certificateNames?: readonly string[];
}

/** A whole answer. */
export type TestAnswer = PeerAnswer;

/** One event of a streamed answer; `done` is the last. */
export type TestEvent = PeerPiece;

/** An agent under test. It starts with its first call. */
export interface TestedAgent {
  /** The whole answer. Rejects with an AgentError where the call fails. */
  invoke(ask: TestAsk, caller?: TestCaller): Promise<TestAnswer>;
  /** The answer as it comes, heartbeats left out. Throws an AgentError where the call fails. */
  stream(ask: TestAsk, caller?: TestCaller): AsyncGenerator<TestEvent, void, void>;
  /** One answer of a method of the agent's own, see `Agent.services`. Rejects as `invoke` does. */
  invokeOwn<Request, Response>(
    method: OwnMethod<Request, Response>,
    request: Request,
    caller?: TestCaller,
  ): Promise<Response>;
  /** All answers of such a method, as they come. */
  streamOwn<Request, Response>(
    method: OwnMethod<Request, Response>,
    request: Request,
    caller?: TestCaller,
  ): AsyncGenerator<Response, void, void>;
  /** Stops the agent, if it had started. */
  close(): Promise<void>;
}

/** What a test may set, and what stands in for the rest of the mesh. */
export interface TestWorld extends StandIns {
  readonly clock?: Clock;
  /** Default: only what goes wrong, on standard output. */
  readonly log?: Log;
}

/** Readies an agent for calls in a test. */
export function testAgent(agent: Agent, world: TestWorld = {}): TestedAgent {
  let begun: Promise<TestedAgent> | undefined;
  // Not with the library: an agent that serves would load it as well, before all else.
  const played = (): Promise<TestedAgent> => {
    begun ??= import("./played-agent.ts").then(({ playAgent }) => playAgent(agent, world));
    return begun;
  };
  return {
    invoke: async (ask, caller) => (await played()).invoke(ask, caller),
    async *stream(ask, caller) {
      yield* (await played()).stream(ask, caller);
    },
    invokeOwn: async (method, request, caller) =>
      (await played()).invokeOwn(method, request, caller),
    async *streamOwn(method, request, caller) {
      yield* (await played()).streamOwn(method, request, caller);
    },
    close: async () => (await begun)?.close(),
  };
}
