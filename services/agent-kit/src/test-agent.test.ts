// An agent called in a test.

import { expect } from "chai";
import type { Agent } from "./agent.ts";
import { AgentError, agentError } from "./agent-error.ts";
import { textOf } from "./call.ts";
import { delta, finish, usage } from "./pieces.ts";
import { testAgent } from "./test-agent.ts";
import { measure, stationService, watch } from "./testing/own-station.ts";

const poet: Agent = {
  name: "poet",
  async *stream(call) {
    if (call.lastUserText === "fail") throw agentError("PERMISSION_DENIED", "no verse for you");
    yield delta("o ");
    yield delta(call.lastUserText);
    yield usage({ inputTokens: 1, outputTokens: 2 });
    yield finish("length");
  },
};

describe("testAgent", () => {
  it("gives the whole answer", async () => {
    const answer = await testAgent(poet).invoke("muse");
    expect(answer).to.deep.include({
      text: "o muse",
      finishReason: "length",
      usage: { inputTokens: 1, outputTokens: 2 },
    });
    expect(answer.id).to.match(/^[0-9a-f-]{36}$/);
  });

  it("gives the answer as it comes", async () => {
    const kinds: string[] = [];
    for await (const event of testAgent(poet).stream("muse")) kinds.push(event.kind);
    expect(kinds).to.deep.equal(["delta", "delta", "done"]);
  });

  it("rejects with the agent's error", async () => {
    const error: unknown = await testAgent(poet)
      .invoke("fail")
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(AgentError);
    expect(error).to.include({ code: "PERMISSION_DENIED", message: "no verse for you" });
  });

  it("refuses what the contract refuses", async () => {
    const error: unknown = await testAgent(poet)
      .invoke({ messages: [{ role: "user", content: "a" }], maxTokens: 0 })
      .catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "INVALID_ARGUMENT" });
    expect(error).to.have.nested.property("details.violations[0].path", "maxTokens");
  });

  it("passes parts through the wire as they are", async () => {
    const messages = [
      {
        role: "user",
        content: "",
        parts: [
          { kind: "text", text: "look " },
          { kind: "image", source: { kind: "url", url: "https://x.test/a.png" }, mediaType: "" },
          { kind: "toolCall", id: "1", name: "add", arguments: { a: [1, "b", null] } },
          { kind: "toolResult", id: "1", content: "2", failed: false },
          { kind: "text", text: "here" },
        ],
      },
    ] as const;
    let seen: unknown;
    const looker = testAgent({
      name: "looker",
      async *stream(call) {
        seen = call.messages;
        yield delta(call.messages.map(textOf).join());
      },
    });
    expect((await looker.invoke({ messages })).text).to.equal("look here");
    expect(seen).to.deep.equal(messages);
  });

  it("calls the agent's own methods, as their callers see them", async () => {
    const deadlines: (Date | undefined)[] = [];
    const station = testAgent({
      ...poet,
      services: [
        stationService({
          async Measure({ say = "" }, call) {
            deadlines.push(call.deadline);
            if (say === "fail") throw agentError("FAILED_PRECONDITION", "It rains.");
            return { said: `${call.caller?.subject} ${say}` };
          },
          async *Watch() {
            for (const said of ["one", "two"]) yield { said };
          },
        }),
      ],
    });
    const caller = { caller: { subject: "ann" }, deadlineMs: 5_000 };
    expect(await station.invokeOwn(measure, { say: "hi" }, caller)).to.eql({ said: "ann hi" });
    expect(deadlines[0]).to.be.instanceOf(Date);
    const all: unknown[] = [];
    for await (const each of station.streamOwn(watch, {})) all.push(each);
    expect(all).to.deep.equal([{ said: "one" }, { said: "two" }]);
    const failed: unknown = await station.invokeOwn(measure, { say: "fail" }).catch(String);
    expect(failed).to.equal("AgentError: It rains.");
    const unknown: unknown = await testAgent(poet).invokeOwn(measure, {}).catch(String);
    expect(unknown).to.include("poet does not serve /acme.station.v1.Station/Measure");
  });

  it("leaves and waits as a caller does", async () => {
    const slow = testAgent({
      name: "slow",
      async *stream(call) {
        yield delta("a");
        await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      },
    });
    const late: unknown = await slow.invoke("x", { deadlineMs: 20 }).catch((thrown) => thrown);
    expect(late).to.include({ code: "DEADLINE_EXCEEDED" });
    const left: unknown = await slow
      .invoke("x", { signal: AbortSignal.abort() })
      .catch((thrown) => thrown);
    expect(left).to.include({ code: "CANCELLED" });
  });

  it("starts the agent once, and stops it", async () => {
    const happened: string[] = [];
    const tested = testAgent({
      ...poet,
      start: async () => void happened.push("start"),
      stop: async () => void happened.push("stop"),
    });
    await tested.invoke("a");
    await tested.invoke("b");
    await tested.close();
    expect(happened).to.deep.equal(["start", "stop"]);
  });
});
