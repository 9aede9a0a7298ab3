// An agent under test, and the machine that runs its calls.

import { randomUUID } from "node:crypto";
import { createLog, systemClock } from "@smartcall/runtime";
import type { Agent } from "./agent.ts";
import { wholeAsk } from "./calls/peer.ts";
import { type PlayedCall, playCall, wholeAnswer } from "./calls/played-call.ts";
import { playOwn, wholeOwn } from "./calls/played-own.ts";
import { standInCalls } from "./calls/stand-ins.ts";
import { createHost } from "./create-host.ts";
import type { Caller, Host } from "./host.ts";
import type { Identity } from "./identity.ts";
import type { TestAsk, TestCaller, TestedAgent, TestWorld } from "./test-agent.ts";

/** Readies an agent for calls. */
export function playAgent(agent: Agent, world: TestWorld): TestedAgent {
  const clock = world.clock ?? systemClock;
  const log = world.log ?? createLog(agent.name, "warn");
  const ending = new AbortController();
  const hostOf = (each: Agent): Host =>
    createHost(each, { log, clock, newId: randomUUID, ending: ending.signal, outbound });
  const outbound = standInCalls(world, agent.name, hostOf);
  const host = hostOf(agent);
  let started: Promise<void> | undefined;

  const begin = async (from: TestCaller): Promise<Caller> => {
    started ??= agent.start?.(log, { set: () => undefined }) ?? Promise.resolve();
    await started;
    return {
      door: "stream",
      requestId: randomUUID(),
      traceId: randomUUID().replaceAll("-", ""),
      ...(from.caller !== undefined && { identity: { ...anyIdentity, ...from.caller } }),
      ...(from.from !== undefined && { from: from.from }),
      ...(from.certificateNames !== undefined && { certificateNames: from.certificateNames }),
      ...(from.grant !== undefined && { grant: from.grant }),
      ...(from.deadlineMs !== undefined && { deadline: clock.now() + from.deadlineMs }),
      signal: from.signal ?? new AbortController().signal,
    };
  };
  const play = async (ask: TestAsk, from: TestCaller): Promise<PlayedCall> =>
    playCall(host, wholeAsk(ask), await begin(from));

  return {
    invoke: async (ask, caller = {}) => wholeAnswer(await play(ask, caller)),
    async *stream(ask, caller = {}) {
      yield* (await play(ask, caller)).pieces;
    },
    invokeOwn: async (method, request, caller = {}) =>
      wholeOwn(playOwn(host, method, request, await begin(caller))),
    async *streamOwn(method, request, caller = {}) {
      yield* playOwn(host, method, request, await begin(caller));
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
