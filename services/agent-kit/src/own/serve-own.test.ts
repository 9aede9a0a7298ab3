import { createManualClock } from "@smartcall/runtime/testing";
// What holds for calls of an agent's own methods, over real gRPC.

import type { JsonObject } from "@bufbuild/protobuf";
import { status } from "@grpc/grpc-js";
import { type Clock, systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import type { Agent } from "../agent.ts";
import { agentError } from "../agent-error.ts";
import { callFailure } from "../call-failure.ts";
import { metadataOf } from "../testing/ask-wire.ts";
import { eventually } from "../testing/eventually.ts";
import { askMany, askOnce, type Ended, stationService } from "../testing/own-station.ts";
import { type ServedAgent, serveForTest } from "../testing/served-agent.ts";
import type { OwnCall } from "./own-service.ts";

describe("an agent's own methods, served", function () {
  this.timeout(20_000);
  let served: ServedAgent;
  let running: OwnCall[];
  afterEach(() => served.close());

  /** `wait` ends when it is told to, `on` goes on for ever, `fail`, `break` and `worse` fail. */
  const act = async ({ say = "" }: JsonObject, call: OwnCall): Promise<JsonObject> => {
    running.push(call);
    call.used({ inputTokens: 3, outputTokens: 4 });
    if (say === "wait") await aborted(call.signal);
    if (say === "on") await new Promise(() => undefined);
    if (say === "fail") throw agentError("FAILED_PRECONDITION", "It rains.", { reason: "RAIN" });
    if (say === "break") throw new TypeError("secret");
    if (say === "worse") throw new Unreadable();
    return { said: say };
  };
  const serve = async (more: Partial<Agent> = {}, clock: Clock = systemClock): Promise<void> => {
    running = [];
    const services = [
      stationService({
        Measure: act,
        async *Watch(request, call) {
          yield { said: "begun" };
          yield await act(request, call);
        },
      }),
    ];
    const stream = async function* () {};
    served = await serveForTest({ name: "station", stream, services, ...more }, clock);
  };
  const begun = (count = 1) => eventually("it runs", () => running.length === count);

  it("answer, and tell what the call used when it ends", async () => {
    await serve();
    for (const ask of [askOnce, askMany]) {
      const { answers, status: end } = await ask(served.client, { say: "hello" }).ended;
      expect(answers.at(-1)).to.deep.equal({ said: "hello" });
      expect(end.code).to.equal(status.OK);
      expect(end.metadata.get("smartcall-usage")).to.deep.equal(["input=3;output=4"]);
    }
  });

  it("are refused where no place is free, and one that waits gets the next", async () => {
    await serve({ concurrency: { running: 1, waiting: 1 } });
    const first = askOnce(served.client, { say: "wait" });
    await begun();
    const second = askMany(served.client, { say: "second" });
    await eventually("it waits", () => served.host.admission.waiting === 1);
    const third = await askOnce(served.client, { say: "third" }).ended;
    // The gateway makes UNAVAILABLE of it: to Envoy that would be an instance that is ill.
    expect(third.status.code).to.equal(status.RESOURCE_EXHAUSTED);
    expect(third.status.metadata.get("smartcall-status")).to.deep.equal([`${status.UNAVAILABLE}`]);
    expect(failure(third).details).to.include({ reason: "AGENT_OVERLOADED", retryAfterMs: 1000 });
    first.cancel();
    expect((await second.ended).answers.at(-1)).to.deep.equal({ said: "second" });
    expect(running).to.have.length(2);
  });

  it("end UNAUTHENTICATED when the caller's token expires, and not a moment before", async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1));
    await serve({}, clock);
    const claims = { sub: "ann", exp: (clock.now() + 90_000) / 1000 };
    const encoded = Buffer.from(JSON.stringify(claims)).toString("base64url");
    const metadata = metadataOf({ "smartcall-claims": encoded });
    const calls = [askOnce, askMany].map((ask) => ask(served.client, { say: "wait" }, metadata));
    await begun(2);
    expect(running[0]?.caller).to.include({ subject: "ann" });
    clock.pass(89_999);
    expect(running.map(({ signal }) => signal.aborted)).to.deep.equal([false, false]);
    clock.pass(1);
    for (const { ended } of calls) {
      const told = failure(await ended);
      expect([told.code, told.details.reason]).to.deep.equal(["UNAUTHENTICATED", "TOKEN_EXPIRED"]);
    }
    expect(running.map(({ signal }) => signal.aborted)).to.deep.equal([true, true]);
  });

  it("end in time where their caller says until when", async () => {
    await serve();
    const { ended } = askOnce(served.client, { say: "wait" }, undefined, Date.now() + 500);
    const end = await ended;
    // As one that is full: the gateway makes DEADLINE_EXCEEDED of it.
    expect(end.status.code).to.equal(status.RESOURCE_EXHAUSTED);
    expect(end.status.metadata.get("smartcall-status")).to.deep.equal(["4"]);
    expect(failure(end).code).to.equal("DEADLINE_EXCEEDED");
    await eventually("its signal aborts", () => running[0]?.signal.aborted === true);
    expect(running[0]?.signal.reason).to.include({ code: "DEADLINE_EXCEEDED" });
  });

  it("are charged what they used until they were stopped, or all where they do not say in time", async () => {
    const metadata = metadataOf({ "smartcall-grant": "100" });
    for (const say of ["wait", "on"]) {
      await serve();
      const call = askOnce(served.client, { say }, metadata);
      await begun();
      expect(running[0]?.grant).to.equal(100);
      void served.server.close(0);
      const { status: end } = await call.ended;
      expect(end.code).to.equal(status.UNAVAILABLE);
      const told = say === "wait" ? ["input=3;output=4"] : [];
      expect(end.metadata.get("smartcall-usage")).to.deep.equal(told);
      await served.close();
    }
  });

  it("may end while the agent drains, and are halted where they do not", async () => {
    await serve();
    const soon = askOnce(served.client, { say: "wait" });
    const late = askMany(served.client, { say: "on" });
    await begun(2);
    served.end();
    const closed = served.server.close(1_500);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(running[0]?.signal.aborted).to.equal(false);
    soon.cancel();
    const told = failure(await late.ended);
    expect([told.code, told.details.reason]).to.deep.equal(["UNAVAILABLE", "AGENT_ENDING"]);
    expect((await late.ended).answers).to.deep.equal([{ said: "begun" }]);
    await closed;
  });

  it("are told that their caller has gone, and give their place back", async () => {
    await serve({ concurrency: { running: 1, waiting: 0 } });
    for (const ask of [askOnce, askMany]) {
      const call = ask(served.client, { say: "wait" });
      await begun();
      call.cancel();
      await eventually("its signal aborts", () => running[0]?.signal.aborted === true);
      await eventually("its place is free", () => served.host.admission.running === 0);
      expect(running.pop()?.signal.reason).to.include({ code: "CANCELLED" });
    }
  });

  it("keep their place for a while where they go on after their signal", async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1));
    await serve({ concurrency: { running: 1, waiting: 0 } }, clock);
    const call = askOnce(served.client, { say: "on" });
    await begun();
    call.cancel();
    await eventually("its signal aborts", () => running[0]?.signal.aborted === true);
    expect(served.host.admission.running).to.equal(1);
    clock.pass(served.host.windDownMs);
    expect(served.host.admission.running).to.equal(0);
  });

  it("fail in the words of the agent, and of what else is thrown tell nothing", async () => {
    await serve();
    for (const ask of [askOnce, askMany]) {
      const meant = await ask(served.client, { say: "fail" }).ended;
      expect(failure(meant)).to.include({ code: "FAILED_PRECONDITION", message: "It rains." });
      expect(failure(meant).details.reason).to.equal("RAIN");
      expect(meant.status.metadata.get("smartcall-usage")).to.deep.equal(["input=3;output=4"]);
      const thrown = await ask(served.client, { say: "break" }).ended;
      expect(failure(thrown)).to.include({ code: "INTERNAL" });
      expect(JSON.stringify(thrown)).to.not.include("secret");
    }
    expect(served.logged.text()).to.include("secret");
    expect(served.host.admission.running).to.equal(0);
  });

  it("let their caller go where what is thrown cannot even be logged", async () => {
    await serve();
    for (const ask of [askOnce, askMany]) {
      const thrown = await ask(served.client, { say: "worse" }).ended;
      expect(failure(thrown)).to.include({ code: "INTERNAL" });
      expect(served.host.halts.size).to.equal(0);
      expect(served.host.admission.running).to.equal(0);
    }
  });

  function failure({ status: end }: Ended) {
    return callFailure(Object.assign(new Error(end.details), end));
  }
});

/** An error that fails whoever reads it, a log as well. */
class Unreadable extends Error {
  override get message(): string {
    throw new TypeError("unreadable");
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
