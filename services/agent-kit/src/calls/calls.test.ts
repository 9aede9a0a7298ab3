// Calls between agents over real gRPC, with no sidecar between them.

import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Metadata } from "@grpc/grpc-js";
import type { agentPb } from "@smartcall/protos";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import type { Agent } from "../agent.ts";
import { AgentError, agentError } from "../agent-error.ts";
import type { Call } from "../call.ts";
import { delta, finish, type Piece, usage } from "../pieces.ts";
import { readAll, userSays } from "../testing/ask-wire.ts";
import { eventually } from "../testing/eventually.ts";
import { type ServedAgent, serveForTest } from "../testing/served-agent.ts";
import type { PeerPiece } from "./peer.ts";
import { sidecarCalls } from "./sidecar-calls.ts";

describe("calls to other agents", function () {
  this.timeout(10_000);
  let closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });

  const serve = async (agent: Agent, calls?: string): Promise<ServedAgent> => {
    const outbound =
      calls === undefined ? undefined : sidecarCalls({ calls, egressPort: 4711 }, systemClock);
    const served = await serveForTest(agent, systemClock, outbound);
    closing.push(() => outbound?.close(), served.close);
    return served;
  };
  /** An agent `outer` that does `act` in a call that it is asked, with `inner` to call. */
  const nest = async (
    inner: (call: Call) => AsyncGenerator<Piece>,
    act: (call: Call) => AsyncGenerator<Piece>,
  ) => {
    const below = await serve({ name: "inner", stream: inner });
    return { below, above: await serve({ name: "outer", stream: act }, below.server.address) };
  };

  it("gives a whole answer, its usage and why it ended", async () => {
    const { above } = await nest(
      async function* (call) {
        yield delta(`${call.lastUserText}, `, { inputTokens: 2, outputTokens: 3 });
        yield delta("friend");
        yield finish("length");
      },
      async function* (call) {
        const answer = await call.agent("inner").invoke("Hello");
        yield delta(`${answer.text}|${answer.finishReason}|${answer.usage.outputTokens}`);
      },
    );
    const told = await readAll(above.client.stream(userSays("x")));
    expect(told[0]).to.equal('"Hello, friend|length|3"');
    expect(told.at(-1)).to.equal("status OK");
  });

  it("gives an answer as it comes, and ends with done", async () => {
    const seen: PeerPiece[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { above } = await nest(
      async function* () {
        yield delta("one");
        await held;
        yield delta("two");
        yield usage({ inputTokens: 1, outputTokens: 2 });
      },
      async function* (call) {
        for await (const piece of call.agent("inner").stream({ messages: [hello] })) {
          seen.push(piece);
          release();
          if (piece.kind === "delta") yield piece;
        }
      },
    );
    const told = await readAll(above.client.stream(userSays("x")));
    expect(told).to.deep.equal(['"one"', '"two"', "done stop", "status OK"]);
    expect(seen.at(-1)).to.deep.equal({
      kind: "done",
      finishReason: "stop",
      usage: { inputTokens: 1, outputTokens: 2 },
    });
  });

  it("passes a whole answer on, with why it ended, and charges it to nobody twice", async () => {
    const { above } = await nest(
      async function* () {
        yield delta("one", { inputTokens: 5, outputTokens: 6 });
        yield finish("length");
      },
      async function* (call) {
        yield* call.agent("inner").stream("x");
      },
    );
    const stream = above.client.stream(userSays("x"));
    const usages: unknown[] = [];
    stream.on("data", (event: agentPb.StreamEvent) => {
      const done = event.getDone();
      if (done !== undefined) usages.push(done.getUsage()?.getOutputTokens());
    });
    expect(await readAll(stream)).to.deep.equal(['"one"', "done length", "status OK"]);
    expect(usages).to.deep.equal([0]);
  });

  it("takes along the request's id, the trace and the model; no agent sees the token", async () => {
    let below: Call | undefined;
    let shown = "";
    const { above } = await nest(
      async function* (call) {
        below = call;
        yield delta("ok");
      },
      async function* (call) {
        shown = JSON.stringify([call, Object.values(call)]);
        await call.agent("inner").invoke({ messages: [hello], model: "large" });
        yield delta("ok");
      },
    );
    const metadata = new Metadata();
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    metadata.set("authorization", "Bearer s3cret");
    metadata.set("smartcall-via", "first");
    metadata.set("x-request-id", "request-7");
    metadata.set("traceparent", `00-${trace}-00f067aa0ba902b7-01`);
    metadata.set("smartcall-caller", "spiffe://demo/agent/first");
    await readAll(above.client.stream(userSays("x"), metadata));
    expect(below).to.include({ requestId: "request-7", traceId: trace, model: "large" });
    expect(below?.from).to.equal(undefined);
    expect(shown).to.include('"from":"first"').and.not.include("s3cret");
  });

  it("gives the other agent less time than is left, or the time asked for", async () => {
    const left: number[] = [];
    const { above } = await nest(
      async function* (call) {
        left.push(Number(call.deadline) - Date.now());
        yield delta("ok");
      },
      async function* (call) {
        await call.agent("inner").invoke("x");
        await call.agent("inner").invoke("x", { timeoutMs: 5_000 });
        yield delta("ok");
      },
    );
    const deadline = Date.now() + 20_000;
    await readAll(above.client.stream(userSays("x"), new Metadata(), { deadline }));
    expect(left[0]).to.be.within(10_000, 19_850);
    expect(left[1]).to.be.within(0, 5_000);
  });

  it("says that the other agent was too slow, with what it had said", async () => {
    let failed: unknown;
    const { above } = await nest(
      async function* (call) {
        yield delta("half");
        await sleep(60_000, undefined, { signal: call.signal });
      },
      async function* (call) {
        failed = await failureOf(call.agent("inner").stream("x", { timeoutMs: 300 }));
        yield delta("ok");
      },
    );
    await readAll(above.client.stream(userSays("x")));
    expect(failed).to.be.instanceOf(AgentError);
    expect(failed).to.include({ code: "DEADLINE_EXCEEDED" });
    expect(failed).to.have.nested.property("details.textSoFar", "half");
  });

  it("stops the other agent at once when the caller leaves, and when the own answer is over", async () => {
    const stopped: string[] = [];
    const { above } = await nest(
      async function* (call) {
        yield delta("begun");
        await sleep(60_000, undefined, { signal: call.signal }).catch(() => undefined);
        stopped.push(call.lastUserText);
      },
      async function* (call) {
        const answer = call.agent("inner").stream(call.lastUserText);
        await answer.next();
        yield delta("begun");
        if (call.lastUserText === "leave") await answer.next();
      },
    );
    const stream = above.client.stream(userSays("leave"));
    const told = readAll(stream);
    await once(stream, "data");
    stream.cancel();
    await told;
    await eventually("it stops as the caller left", () => stopped.includes("leave"), 500);
    await readAll(above.client.stream(userSays("forget")));
    await eventually("it stops as its call is over", () => stopped.includes("forget"), 500);
  });

  it("turns the other agent's failures into its own kind, with reason, fault and request", async () => {
    const failures: unknown[] = [];
    const { above } = await nest(
      async function* (call) {
        if (call.lastUserText === "late") yield delta("some");
        throw agentError("RESOURCE_EXHAUSTED", "out of rhymes", {
          reason: "NO_RHYMES",
          fault: "provider",
          retryAfterMs: 2000,
        });
      },
      async function* (call) {
        failures.push(await call.agent("inner").invoke("x").catch(String));
        for (const when of ["early", "late"]) {
          failures.push(await failureOf(call.agent("inner").stream(when)));
        }
        yield delta("ok");
      },
    );
    const metadata = new Metadata();
    metadata.set("x-request-id", "request-9");
    await readAll(above.client.stream(userSays("x"), metadata));
    expect(failures[0]).to.equal("AgentError: out of rhymes");
    for (const failure of failures.slice(1)) {
      expect(failure).to.be.instanceOf(AgentError);
      expect(failure).to.include({ code: "RESOURCE_EXHAUSTED", message: "out of rhymes" });
      expect(failure).to.have.property("details").that.includes({
        reason: "NO_RHYMES",
        fault: "provider",
        retryAfterMs: 2000,
      });
      expect(failure).to.have.nested.property("details.metadata.requestId", "request-9");
    }
    expect(failures[2]).to.have.nested.property("details.textSoFar", "some");
  });

  it("reads no faster than the agent takes", async () => {
    let given = 0;
    const { above } = await nest(
      async function* () {
        for (; given < 100_000; given++) yield delta("x".repeat(10_000));
      },
      async function* (call) {
        const answer = call.agent("inner").stream("x");
        await answer.next();
        await sleep(300);
        yield delta("ok");
        await answer.return();
      },
    );
    await readAll(above.client.stream(userSays("x")));
    expect(given).to.be.within(1, 2000);
  });

  it("says where a host outside the mesh is reached", async () => {
    const above = await serve(
      {
        name: "outer",
        async *stream(call) {
          yield delta(call.egress("openai").url);
        },
      },
      "127.0.0.1:1",
    );
    const told = await readAll(above.client.stream(userSays("x")));
    expect(told[0]).to.equal('"http://127.0.0.1:4711/openai"');
  });

  it("says that nobody can be called where there is no sidecar, and that nobody answers", async () => {
    const failures: unknown[] = [];
    const lonely: Agent = {
      name: "outer",
      async *stream(call) {
        failures.push(await failureOf(call.agent("inner").stream("x")));
        yield delta("ok");
      },
    };
    const without = await serve(lonely);
    await readAll(without.client.stream(userSays("x")));
    expect(failures[0]).to.include({ code: "UNAVAILABLE" });
    const dead = await serve(lonely, "127.0.0.1:1");
    await readAll(dead.client.stream(userSays("x")));
    expect(failures[1]).to.include({ code: "UNAVAILABLE" });
    expect(failures[1]).to.have.nested.property("details.reason", "AGENT_UNAVAILABLE");
  });
});

const hello = { role: "user", content: "Hello" } as const;

/** What an answer fails with. */
async function failureOf(answer: AsyncIterable<PeerPiece>): Promise<unknown> {
  try {
    for await (const _ of answer);
    return "it did not fail";
  } catch (thrown) {
    return thrown;
  }
}
