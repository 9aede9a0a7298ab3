import { createManualClock } from "@smartcall/runtime/testing";
// The stream contract, with a clock that stands still.

import { createLog } from "@smartcall/runtime";
import { expect } from "chai";
import type { Agent } from "./agent.ts";
import { AgentError, agentError } from "./agent-error.ts";
import { answer } from "./answer.ts";
import type { Ask, Call } from "./call.ts";
import { createHost } from "./create-host.ts";
import type { Caller } from "./host.ts";
import { delta, finish, type Piece, usage } from "./pieces.ts";
import { eventually } from "./testing/eventually.ts";
import { logLines } from "./testing/log-lines.ts";
import type { AnswerEvent } from "./to-wire.ts";

const ask: Ask = { messages: [{ role: "user", content: "hello" }], stop: [] };

describe("an answer", () => {
  it("ends with exactly one `done`, which has the last usage and the finish reason", async () => {
    const { events } = scene(async function* () {
      yield usage({ inputTokens: 1, outputTokens: 0 });
      yield delta("a");
      yield finish("length");
      yield delta("");
      yield delta("b");
      yield usage({ inputTokens: 1, outputTokens: 2 });
    });
    expect(await all(events())).to.deep.equal([
      { kind: "delta", text: "a" },
      { kind: "delta", text: "b" },
      { kind: "done", finishReason: "length", usage: { inputTokens: 1, outputTokens: 2 } },
    ]);
  });

  it("never splits a character", async () => {
    const { events } = scene(async function* () {
      yield delta("x\ud83d");
      yield delta("\ude42\ud83d");
    });
    const texts = (await all(events())).map((event) => (event.kind === "delta" ? event.text : ""));
    expect(texts).to.deep.equal(["x", "🙂", "\ufffd", ""]);
  });

  it("tells an agent's own error, and of any other exception nothing but INTERNAL", async () => {
    const own = scene(async function* () {
      yield delta("a");
      throw agentError("FAILED_PRECONDITION", "not today");
    });
    expect(lastOf(await all(own.events()))).to.equal("FAILED_PRECONDITION not today");
    const other = scene(async function* () {
      yield delta("a");
      throw new Error("the password is hunter2");
    });
    expect(lastOf(await all(other.events()))).to.equal("INTERNAL the agent failed");
    expect(other.logged.saying("the agent failed")).to.have.length(1);
    expect(other.logged.text()).to.include("hunter2").and.to.include("answer.test");
  });

  it("ends INTERNAL where usage is no count", async () => {
    const { events } = scene(async function* () {
      yield usage({ inputTokens: 0.5, outputTokens: 0 });
    });
    expect(lastOf(await all(events()))).to.equal("INTERNAL the agent failed");
  });

  it("ends INTERNAL where the agent yields no piece, and tells its author what to yield", async () => {
    let cleaned = false;
    const { events, logged } = scene(async function* () {
      try {
        yield delta("a");
        yield JSON.parse('"hello"');
      } finally {
        cleaned = true;
      }
    });
    expect(lastOf(await all(events()))).to.equal("INTERNAL the agent failed");
    expect(logged.text()).to.include("yield delta(").and.not.include("undefined");
    expect(cleaned).to.equal(true);
  });

  it("sends a heartbeat for each silence, and goes on", async () => {
    const word = later<string>();
    const { events, clock } = scene(
      async function* () {
        yield delta(await word.promise);
      },
      { heartbeatMs: 1000 },
    );
    const stream = events();
    const first = stream.next();
    await settled();
    clock.pass(1000);
    expect((await first).value).to.deep.equal({ kind: "heartbeat" });
    const second = stream.next();
    await settled();
    clock.pass(999);
    word.resolve("a");
    expect((await second).value).to.deep.equal({ kind: "delta", text: "a" });
    expect(await all(stream)).to.have.length(1);
  });

  it("ends with DEADLINE_EXCEEDED a little before the deadline, and the signal aborts", async () => {
    let seen: Call | undefined;
    const { events, clock } = scene(async function* (call) {
      seen = call;
      yield delta("a");
      await aborted(call.signal);
    });
    const deadline = clock.now() + 2000;
    const reading = all(events({ deadline }));
    await settled();
    clock.pass(1899);
    expect(seen?.signal.aborted).to.equal(false);
    clock.pass(1);
    expect(lastOf(await reading)).to.match(/^DEADLINE_EXCEEDED /);
    expect(seen?.signal.aborted).to.equal(true);
    expect(seen?.deadline?.getTime()).to.equal(deadline);
  });

  it("returns the agent's generator when the caller leaves, and gives its place back", async () => {
    let cleaned = false;
    const left = new AbortController();
    const { events, host } = scene(async function* (call) {
      try {
        yield delta("a");
        await aborted(call.signal);
        yield delta("b");
      } finally {
        cleaned = true;
      }
    });
    const reading = all(events({ signal: left.signal }));
    await settled();
    left.abort();
    expect(lastOf(await reading)).to.equal("CANCELLED the caller has left");
    await eventually("the agent cleaned up", () => cleaned && host.admission.running === 0);
    expect(host.halts.size).to.equal(0);
  });

  it("cuts off an agent that ignores its signal, after a grace, and says so", async () => {
    const left = new AbortController();
    const never = later<string>();
    const { events, host, clock, logged } = scene(async function* () {
      yield delta(await never.promise);
    });
    const reading = all(events({ signal: left.signal }));
    await settled();
    left.abort();
    expect(lastOf(await reading)).to.match(/^CANCELLED/);
    expect(host.admission.running).to.equal(1);
    clock.pass(host.windDownMs);
    expect(host.admission.running).to.equal(0);
    expect(logged.saying("the agent goes on after its signal: cut off")).to.have.length(1);
    never.resolve("too late");
    await settled();
    expect(host.admission.running).to.equal(0);
  });

  it("stops the agent when its reader leaves early", async () => {
    let signal: AbortSignal | undefined;
    const { events, logged } = scene(async function* (call) {
      signal = call.signal;
      for (;;) yield delta("a");
    });
    for await (const event of events()) {
      expect(event.kind).to.equal("delta");
      break;
    }
    expect(signal?.aborted).to.equal(true);
    expect(logged.saying("call ended")[0]).to.include({ code: "CANCELLED" });
  });

  it("asks the agent for no more than is read", async () => {
    let asked = 0;
    const { events } = scene(async function* () {
      for (;;) {
        asked++;
        yield delta("a");
      }
    });
    const stream = events();
    await stream.next();
    await stream.next();
    await settled();
    expect(asked).to.equal(2);
    await stream.return();
  });

  it("turns away what neither runs nor may wait, and says when to come again", async () => {
    const { events, host } = scene(
      async function* (call) {
        yield delta("a");
        await aborted(call.signal);
      },
      { concurrency: { running: 1, waiting: 1 } },
    );
    const leaving = [new AbortController(), new AbortController()] as const;
    const running = all(events({ signal: leaving[0].signal }));
    const waiting = all(events({ signal: leaving[1].signal }));
    await settled();
    expect([host.admission.running, host.admission.waiting]).to.deep.equal([1, 1]);
    const [refused] = await all(events());
    expect(refused?.kind === "error" && refused.error.code).to.equal("UNAVAILABLE");
    expect(refused?.kind === "error" && refused.error.details.retryAfterMs).to.equal(1000);
    expect(refused?.kind === "error" && refused.error.message).to.equal(
      "poet is busy (running: 1, waiting: 1): try again later",
    );
    leaving[1].abort();
    expect(await waiting).to.have.length(1);
    expect(host.admission.waiting).to.equal(0);
    leaving[0].abort();
    await running;
    await eventually("the place is free", () => host.admission.running === 0);
  });

  it("counts and logs each call with its ids", async () => {
    const { events, host, logged } = scene(async function* () {
      yield usage({ inputTokens: 3, outputTokens: 4 });
    });
    await all(events());
    expect(logged.saying("call ended")).to.have.length(1);
    expect(logged.saying("call ended")[0]).to.include({
      callId: "call-1",
      requestId: "request-1",
      traceId: "trace-1",
      code: "OK",
      inputTokens: 3,
      outputTokens: 4,
    });
    const page = await host.metrics.registry.metrics();
    expect(page).to.include(
      'smartcall_agent_calls_total{method="stream",code="OK",agent="poet"} 1',
    );
    expect(page).to.include('smartcall_agent_tokens_total{direction="output",agent="poet"} 4');
    expect(page).to.include('smartcall_agent_calls_running{agent="poet"} 0');
  });
});

function scene(stream: (call: Call) => AsyncIterable<Piece>, more: Partial<Agent> = {}) {
  const clock = createManualClock(Date.UTC(2026, 0, 1));
  const logged = logLines();
  const host = createHost(
    { name: "poet", stream, ...more },
    {
      log: createLog("poet", "debug", logged),
      clock,
      newId: () => "id",
      ending: new AbortController().signal,
    },
  );
  const events = (from: Partial<Caller> = {}): AsyncGenerator<AnswerEvent, void, void> => {
    const caller: Caller = {
      door: "stream",
      requestId: "request-1",
      traceId: "trace-1",
      signal: new AbortController().signal,
      ...from,
    };
    return answer(host, ask, caller, "call-1");
  };
  return { clock, host, logged, events };
}

async function all(events: AsyncIterable<AnswerEvent>): Promise<readonly AnswerEvent[]> {
  const told: AnswerEvent[] = [];
  for await (const event of events) told.push(event);
  return told;
}

/** The last event's code and message; fails where an earlier one is a last one too. */
function lastOf(events: readonly AnswerEvent[]): string {
  const ends = events.filter(({ kind }) => kind === "done" || kind === "error");
  expect(ends).to.have.length(1);
  const last = events.at(-1);
  if (last?.kind !== "error") return last?.kind ?? "nothing";
  expect(last.error).to.be.instanceOf(AgentError);
  return `${last.error.code} ${last.error.message}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function later<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let settle = (_: T): void => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}

/** Every promise that can settle without the clock has. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
