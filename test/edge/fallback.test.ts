import { agentError, delta } from "@smartcall/agent-kit";
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { invokeGrpc, saying, streamGrpc } from "../harness/grpc.ts";
import { freePorts } from "../harness/ports.ts";
import { asking, callRest } from "../harness/rest.ts";
import { type KitAgent, startKitAgent } from "./kit-agent.ts";
import type { ScriptedAgent } from "./scripted-agent.ts";
import {
  agentOf,
  instanceAt,
  routeOf,
  type ScriptedMesh,
  startScriptedMesh,
  textOf,
  times,
} from "./scripted-mesh.ts";

const answeredBy = "smartcall-answered-by";

describe("A route with agents to fall back to", () => {
  let mesh: ScriptedMesh;
  let flaky: KitAgent;
  let understudy: KitAgent;
  before(async () => {
    const [nobody = 0] = await freePorts(1);
    flaky = await startKitAgent({
      name: "flaky",
      stream: () => {
        throw agentError("UNAVAILABLE", "The ink is dry.");
      },
    });
    understudy = await startKitAgent({
      name: "understudy",
      async *stream() {
        yield delta("understudy");
      },
    });
    mesh = await startScriptedMesh(["first", "second", "third", "dying"], (server) => {
      const at = (name: string) => [instanceAt(server(name))];
      return {
        agents: [
          agentOf("first", at("first"), { ejection: "never" }),
          agentOf("second", at("second"), { ejection: "never" }),
          agentOf("third", at("third"), { ejection: "never" }),
          agentOf("dying", at("dying"), { ejection: "never" }),
          agentOf("flaky", [instanceAt({ name: "flaky", port: flaky.port })]),
          agentOf("understudy", [instanceAt({ name: "understudy", port: understudy.port })]),
          agentOf("absent", []),
          agentOf("sick", [instanceAt(server("first"), { healthy: false })]),
          agentOf("gone", [instanceAt({ port: nobody, name: "gone" })]),
          ...["whole", "shared"].map((name) => agentOf(name, [])),
        ],
        routes: [
          routeOf("first", { fallback: ["second"] }),
          routeOf("dying", { fallback: ["second"] }),
          routeOf("flaky", { fallback: ["understudy"] }),
          ...["absent", "sick", "gone"].map((name) => routeOf(name, { fallback: ["second"] })),
          routeOf("whole", {
            to: [{ agent: "gone", weight: 1 }],
            fallback: ["absent", "sick", "first", "third"],
          }),
          routeOf("shared", {
            to: [
              { agent: "first", weight: 3 },
              { agent: "third", weight: 1 },
            ],
            sticky: "sub",
            fallback: ["second"],
          }),
        ],
      };
    });
  });
  after(async () => {
    await mesh.stop();
    for (const agent of [flaky, understudy]) await agent.stop();
  });
  afterEach(() => {
    for (const name of ["first", "second", "third"]) mesh.server(name).does = {};
  });

  it("asks them only where its own cannot answer, and says who did", async () => {
    const own = await mesh.call("first");
    expect([textOf(own), own.headers[answeredBy]]).to.deep.equal(["first", "first"]);
    mesh.server("first").does = { fail: 14, events: 0 };
    const other = await mesh.call("first");
    expect([textOf(other), other.headers[answeredBy]]).to.deep.equal(["second", "second"]);
    await eventually(() => {
      expect(mesh.gateway.output()).to.match(/"agent":"first","answeredBy":"second"/);
    });
  });

  for (const [agent, why] of [
    ["absent", "has no instance"],
    ["sick", "has none that is healthy"],
    ["gone", "cannot be connected to"],
  ] as const) {
    it(`asks another where an agent ${why}, for one answer and for a stream`, async () => {
      for (const method of ["invoke", "stream"]) {
        expect(textOf(await mesh.call(agent, { method })), method).to.equal("second");
      }
    });
  }

  it("asks another for what fails before the first event, through both doors", async () => {
    const { gateway, server } = mesh;
    server("first").does = { fail: 14, events: 0 };
    for (const method of ["invoke", "stream"]) {
      expect(textOf(await mesh.call("first", { method })), method).to.equal("second");
    }
    const call = { agent: "first", token: gateway.token(), request: saying("hello") };
    const reply = await invokeGrpc(gateway, call);
    expect(reply.ok && reply.response.getMessage()?.getContent()).to.equal("second");
    const { events, status } = await streamGrpc(gateway, call);
    expect(status.code).to.equal(0);
    expect(events.map((event) => event.getDelta()?.getContent())).to.deep.equal([
      "second",
      "second",
    ]);
  });

  it("asks another for a call whose instance dies before it has answered", async () => {
    mesh.server("dying").does = { dies: true, events: 0, afterMs: 50 };
    const [one, stream] = await Promise.all([
      mesh.call("dying"),
      mesh.call("dying", { method: "stream" }),
    ]);
    expect([textOf(one), textOf(stream)]).to.deep.equal(["second", "second"]);
  });

  it("never asks another once an event was sent", async () => {
    mesh.server("first").does = { fail: 14, events: 1 };
    const calls = mesh.server("second").calls;
    const call = { agent: "first", token: mesh.gateway.token(), request: saying("hello") };
    const { events, status } = await streamGrpc(mesh.gateway, call);
    expect(events).to.have.length(1);
    expect(status.code).to.equal(14);
    expect(mesh.server("second").calls).to.equal(calls);
  });

  it("never asks another for what an agent says of the call itself", async () => {
    const calls = mesh.server("second").calls;
    for (const [fail, status] of [
      [3, 400],
      [8, 429],
      [13, 500],
    ] as const) {
      mesh.server("first").does = { fail, events: 0 };
      expect((await mesh.call("first")).status).to.equal(status);
    }
    expect(mesh.server("second").calls).to.equal(calls);
  });

  it("asks several in their order, each once", async () => {
    expect(textOf(await mesh.call("whole"))).to.equal("first");
    mesh.server("first").does = { fail: 14 };
    const counts = await mesh.counting(async () => {
      expect(textOf(await mesh.call("whole"))).to.equal("third");
    });
    expect(counts).to.deep.equal({ first: 1, third: 1 });
    mesh.server("third").does = { fail: 14 };
    expect((await mesh.call("whole")).status).to.equal(503);
  });

  it("shares calls by weight, the same caller always alike, and falls back from each", async () => {
    const callers = Array.from({ length: 40 }, (_, index) => `caller-${index}`);
    const ask = () =>
      times(callers.length, async (index) =>
        textOf(await mesh.call("shared", { subject: callers[index] ?? "" })),
      );
    const first = await ask();
    expect(new Set(first)).to.deep.equal(new Set(["first", "third"]));
    expect(first.filter((name) => name === "first").length).to.be.greaterThan(20);
    expect(await ask()).to.deep.equal(first);
    mesh.server("third").does = { fail: 14 };
    expect(await ask()).to.deep.equal(first.map((name) => (name === "third" ? "second" : name)));
  });

  it("tells the agent that answers whom its caller asked for, by which its kit knows the call", async () => {
    await mesh.call("absent");
    expect(lastSeen(mesh.server("second"))).to.equal("absent");
  });

  it("has agents on the kit stand in for each other, also where the body names the first", async () => {
    for (const method of ["invoke", "stream"]) {
      const reply = await callRest(mesh.gateway, {
        path: `/v1/agents/flaky:${method}`,
        token: mesh.gateway.token(),
        body: asking("hello", { agent: "flaky" }),
      });
      expect(textOf(reply), reply.text).to.equal("understudy");
      expect(reply.headers[answeredBy]).to.equal("understudy");
    }
  });

  it("has hundreds of calls at once answered by another", async () => {
    mesh.server("second").does = { afterMs: 500 };
    const replies = await Promise.all(Array.from({ length: 300 }, () => mesh.call("gone")));
    expect(new Set(replies.map(textOf))).to.deep.equal(new Set(["second"]));
    expect(mesh.gateway.refused).to.deep.equal([]);
  });
});

function lastSeen({ seen }: ScriptedAgent): unknown {
  return seen.at(-1)?.get("smartcall-agent")[0];
}
