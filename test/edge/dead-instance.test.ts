import { callFailure } from "@smartcall/agent-kit";
import { expect } from "chai";
import { detailOf } from "../harness/error-details.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { invokeGrpc, saying } from "../harness/grpc.ts";
import { textAt } from "../harness/json.ts";
import { type BreakingAgent, startBreakingAgent } from "./breaking-agent.ts";
import {
  agentOf,
  instanceAt,
  routeOf,
  type ScriptedMesh,
  startScriptedMesh,
  textOf,
  times,
} from "./scripted-mesh.ts";

describe("A call whose instance dies before it answers", () => {
  let breaking: BreakingAgent;
  let mesh: ScriptedMesh;
  before(async () => {
    breaking = await startBreakingAgent();
    mesh = await startScriptedMesh(["alive"], (server) => {
      const dying = instanceAt({ name: "dying", port: breaking.port });
      const both = [dying, instanceAt(server("alive"))];
      return {
        agents: [
          agentOf("dying", [dying]),
          agentOf("marked", both, { ejection: "never" }),
          agentOf("ejecting", both),
        ],
        routes: [routeOf("marked", { retry: { attempts: 2, on: ["reset"] } })],
      };
    });
  });
  after(async () => {
    await mesh.stop();
    breaking.stop();
  });

  it("is not made again unless its route says so, and says that its caller may", async () => {
    const broken = breaking.broken();
    const reply = await mesh.call("dying");
    expectRefusal(reply, 503, "UNAVAILABLE", "AGENT_UNAVAILABLE");
    expect(textAt(detailOf(reply, "ErrorInfo"), "metadata", "retry")).to.equal("yes");
    expect(reply.headers["retry-after"]).to.equal("1");
    const call = { agent: "dying", token: mesh.gateway.token(), request: saying("hello") };
    const native = await invokeGrpc(mesh.gateway, call);
    if (native.ok) throw new Error("answered");
    const { code, details } = callFailure(native.error);
    expect([code, details.reason, details.retry]).to.deep.equal([
      "UNAVAILABLE",
      "AGENT_UNAVAILABLE",
      true,
    ]);
    expect(breaking.broken() - broken).to.equal(2);
  });

  it("is made again elsewhere where its route says so", async () => {
    const broken = breaking.broken();
    const replies = await times(20, async () => textOf(await mesh.call("marked")));
    expect(replies).to.deep.equal(Array(20).fill("alive"));
    expect(breaking.broken()).to.be.greaterThan(broken);
  });

  it("is one of five, and then that instance gets none for a while", async () => {
    const replies = await times(40, async () => (await mesh.call("ejecting")).status);
    expect(replies.filter((status) => status !== 200)).to.deep.equal(Array(5).fill(503));
    expect(mesh.gateway.refused).to.deep.equal([]);
  });
});
