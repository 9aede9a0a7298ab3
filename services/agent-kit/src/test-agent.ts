// Calls an agent in a test: no Envoy and no network, but the same bytes and the same machine.

import { randomUUID } from "node:crypto";
import { agentPb } from "@smartcall/protos";
import { type Clock, createLog, type Log, systemClock } from "@smartcall/runtime";
import type { Agent } from "./agent.ts";
import { answer } from "./answer.ts";
import { askToWire } from "./ask-to-wire.ts";
import type { Ask } from "./call.ts";
import { createHost } from "./create-host.ts";
import type { Caller } from "./host.ts";
import type { Identity } from "./identity.ts";
import { type FinishReason, finishReasons, type Usage } from "./pieces.ts";
import { fromRpcStatus } from "./rpc-status.ts";
import { eventToWire } from "./to-wire.ts";

/** What a test asks: a text, which is one message of the user, or all of it. */
export type TestAsk = string | Partial<Ask>;

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
  /** The names of its certificate. Left out: it shows none. */
  readonly certificateNames?: readonly string[];
}

/** A whole answer. */
export interface TestAnswer {
  readonly id: string;
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly usage: Usage;
}

/** One event of a streamed answer; `done` is the last. */
export type TestEvent =
  | { readonly kind: "delta"; readonly text: string }
  | { readonly kind: "done"; readonly finishReason: FinishReason; readonly usage: Usage };

/** An agent under test. It starts with its first call. */
export interface TestedAgent {
  /** The whole answer. Rejects with an AgentError where the call fails. */
  invoke(ask: TestAsk, caller?: TestCaller): Promise<TestAnswer>;
  /** The answer as it comes, heartbeats left out. Throws an AgentError where the call fails. */
  stream(ask: TestAsk, caller?: TestCaller): AsyncGenerator<TestEvent, void, void>;
  /** Stops the agent, if it had started. */
  close(): Promise<void>;
}

/** What a test may set. */
export interface TestWorld {
  readonly clock?: Clock;
  /** Default: only what goes wrong, on standard output. */
  readonly log?: Log;
}

/** Readies an agent for calls in a test. */
export function testAgent(agent: Agent, world: TestWorld = {}): TestedAgent {
  const clock = world.clock ?? systemClock;
  const log = world.log ?? createLog(agent.name, "warn");
  const ending = new AbortController();
  const host = createHost(agent, { log, clock, newId: randomUUID, ending: ending.signal });
  let started: Promise<void> | undefined;

  async function* events(ask: TestAsk, from: TestCaller): AsyncGenerator<agentPb.StreamEvent> {
    started ??= agent.start?.(log, { set: () => undefined }) ?? Promise.resolve();
    await started;
    const requestId = randomUUID();
    const callId = randomUUID();
    const caller: Caller = {
      door: "stream",
      requestId,
      traceId: randomUUID().replaceAll("-", ""),
      ...(from.caller !== undefined && { identity: { ...anyIdentity, ...from.caller } }),
      ...(from.certificateNames !== undefined && { certificateNames: from.certificateNames }),
      ...(from.grant !== undefined && { grant: from.grant }),
      ...(from.deadlineMs !== undefined && { deadline: clock.now() + from.deadlineMs }),
      signal: from.signal ?? new AbortController().signal,
    };
    const asked = host.reader.readInvoke(askToWire(wholeAsk(ask)).serializeBinary());
    let sequence = 0;
    for await (const event of answer(host, asked, caller, callId)) {
      sequence++;
      const wire = eventToWire(event, { callId, requestId, sequence });
      yield agentPb.StreamEvent.deserializeBinary(wire.serializeBinary());
    }
  }

  return {
    async invoke(ask, caller = {}) {
      const texts: string[] = [];
      for await (const event of events(ask, caller)) {
        const told = toTestEvent(event);
        if (told?.kind === "delta") texts.push(told.text);
        if (told?.kind === "done") {
          const { finishReason, usage } = told;
          return { id: event.getCallId(), text: texts.join(""), finishReason, usage };
        }
      }
      throw new Error("the answer had no last event");
    },
    async *stream(ask, caller = {}) {
      for await (const event of events(ask, caller)) {
        const told = toTestEvent(event);
        if (told !== undefined) yield told;
      }
    },
    async close() {
      ending.abort();
      if (started === undefined) return;
      await started;
      await agent.stop?.();
    },
  };
}

const anyIdentity: Identity = {
  subject: "tester",
  issuer: "smartcall:test",
  scopes: ["agents:invoke"],
  claims: {},
};

function wholeAsk(ask: TestAsk): Ask {
  if (typeof ask !== "string") return { messages: [], stop: [], ...ask };
  return { messages: [{ role: "user", content: ask }], stop: [] };
}

/** Throws where the event is an error; undefined for a heartbeat. */
function toTestEvent(event: agentPb.StreamEvent): TestEvent | undefined {
  const error = event.getError();
  if (error !== undefined) throw fromRpcStatus(error);
  const delta = event.getDelta();
  if (delta !== undefined) return { kind: "delta", text: delta.getContent() };
  const done = event.getDone();
  if (done === undefined) return undefined;
  const finishReason = toFinishReason(done.getFinishReason());
  const usage = done.getUsage();
  const inputTokens = usage?.getInputTokens() ?? 0;
  return {
    kind: "done",
    finishReason,
    usage: { inputTokens, outputTokens: usage?.getOutputTokens() ?? 0 },
  };
}

function toFinishReason(text: string): FinishReason {
  const reason = finishReasons.find((known) => known === text);
  if (reason === undefined) throw new Error(`"${text}" is no finish reason`);
  return reason;
}
