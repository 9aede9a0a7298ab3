// An agent that calls others, in a test without a mesh.

import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Agent } from "../agent.ts";
import { AgentError } from "../agent-error.ts";
import { delta } from "../pieces.ts";
import { testAgent } from "../test-agent.ts";
import { measure, stationService } from "../testing/own-station.ts";

const planner: Agent = {
  name: "planner",
  async *stream(call) {
    const { text } = await call.agent("researcher").invoke(`Facts for: ${call.lastUserText}`);
    for await (const piece of call.agent("writer").stream(text)) {
      if (piece.kind === "delta") yield piece;
    }
  },
};

describe("stand-ins", () => {
  it("answer as other agents would, by a text or by a stream", async () => {
    let from: string | undefined;
    const tested = testAgent(planner, {
      agents: {
        researcher: "water is wet",
        async *writer(call) {
          from = call.from;
          yield delta("It is said: ");
          yield delta(call.lastUserText);
        },
      },
    });
    expect((await tested.invoke("rain")).text).to.equal("It is said: water is wet");
    expect(from).to.equal("planner");
  });

  it("that are not there refuse as the mesh does", async () => {
    const failure: unknown = await testAgent(planner)
      .invoke("rain")
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(AgentError);
    expect(failure).to.include({ code: "PERMISSION_DENIED" });
    expect(failure).to.have.nested.property("details.reason", "AGENT_NOT_CALLABLE");
  });

  it("answer by methods of their own, as a whole agent would", async () => {
    const teller: Agent = {
      name: "teller",
      async *stream(call) {
        const { said } = await call.agent("station").invokeOwn(measure, { say: "dry" });
        yield delta(`${said}, ${(await call.agent("station").invoke("x")).text}`);
      },
    };
    const station: Agent = {
      name: "any",
      services: [stationService({ Measure: async (_, call) => ({ said: `to ${call.from}` }) })],
      async *stream(call) {
        yield delta(call.self);
      },
    };
    const tested = testAgent(teller, { agents: { station } });
    expect((await tested.invoke("rain")).text).to.equal("to teller, station");
  });

  it("are stopped when the caller leaves", async () => {
    let stopped = false;
    const leaving = new AbortController();
    const tested = testAgent(planner, {
      agents: {
        researcher: "x",
        async *writer(call) {
          yield delta("begun");
          await sleep(60_000, undefined, { signal: call.signal }).catch(() => undefined);
          stopped = true;
        },
      },
    });
    const answer = tested.stream("rain", { signal: leaving.signal });
    await answer.next();
    leaving.abort();
    await answer.next().catch(() => undefined);
    await sleep(50);
    expect(stopped).to.equal(true);
  });

  it("play hosts outside the mesh where the test says", async () => {
    const caller: Agent = {
      name: "caller",
      async *stream(call) {
        yield delta(call.egress(call.lastUserText).url);
      },
    };
    const tested = testAgent(caller, { egress: { openai: "http://127.0.0.1:1/v1" } });
    expect((await tested.invoke("openai")).text).to.equal("http://127.0.0.1:1/v1");
    const failure: unknown = await tested.invoke("other").catch((error: unknown) => error);
    expect(failure).to.include({ code: "INTERNAL" });
  });
});
