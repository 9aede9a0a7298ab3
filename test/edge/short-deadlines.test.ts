import { status } from "@grpc/grpc-js";
import { callFailure, delta } from "@smartcall/agent-kit";
import { expect } from "chai";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { invokeGrpc, saying, streamGrpc } from "../harness/grpc.ts";
import { type KitAgent, startKitAgent } from "./kit-agent.ts";
import {
  agentOf,
  instanceAt,
  type ScriptedMesh,
  startScriptedMesh,
  times,
} from "./scripted-mesh.ts";
import { type StuckAgent, startStuckAgent } from "./stuck-agent.ts";

const patience = { "x-request-timeout-ms": "60" };

describe("An instance whose callers give it very little time", () => {
  const kits: KitAgent[] = [];
  let stuck: StuckAgent;
  let mesh: ScriptedMesh;
  before(async () => {
    for (const name of ["one", "two"]) {
      kits.push(
        await startKitAgent({
          name,
          async *stream({ signal }) {
            await new Promise((resolve) => signal.addEventListener("abort", resolve));
            yield delta("too late");
          },
        }),
      );
    }
    stuck = await startStuckAgent();
    const pair = kits.map(({ port }, index) => instanceAt({ port, name: `${index}` }));
    mesh = await startScriptedMesh(["well"], (server) => ({
      agents: [
        agentOf("patient", pair),
        agentOf("native", pair),
        agentOf("stuck", [
          instanceAt({ port: stuck.port, name: "stuck" }),
          instanceAt(server("well")),
        ]),
      ],
    }));
  });
  after(async () => {
    await mesh.stop();
    for (const kit of kits) await kit.stop();
    stuck.stop();
  });
  const ejected = (agent: string) =>
    mesh.gateway.stat(`cluster.${agent}.outlier_detection.ejections_active`);

  it("is asked as before, and they are told that the time was over", async () => {
    for (const method of ["invoke", "stream"]) {
      const replies = await times(15, () => mesh.call("patient", { method, headers: patience }));
      for (const reply of replies) {
        expectRefusal(reply, 504, "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED");
        expect(Object.keys(reply.headers)).to.not.include("smartcall-status");
        expect(reply.text).to.include("the answer was not whole at the call's deadline");
      }
    }
    expect(await ejected("patient")).to.equal(0);
  });

  it("is asked as before by native callers, who are told the same", async () => {
    const metadata = patience;
    const call = { agent: "native", token: mesh.gateway.token(), request: saying("hi"), metadata };
    await times(15, async () => {
      const reply = await invokeGrpc(mesh.gateway, call);
      if (reply.ok) throw new Error("answered");
      expect(reply.error.code).to.equal(status.DEADLINE_EXCEEDED);
      expect(reply.error.metadata.get("smartcall-status")).to.deep.equal([]);
      expect(callFailure(reply.error).details.reason).to.equal("DEADLINE_EXCEEDED");
    });
    const streamed = await streamGrpc(mesh.gateway, call);
    expect(streamed.status.code).to.equal(status.DEADLINE_EXCEEDED);
    expect(await ejected("native")).to.equal(0);
  });

  it("is left alone where it does not answer even that", async () => {
    await times(24, () => mesh.call("stuck", { headers: patience }));
    expect(stuck.timeouts).to.have.length(5);
    expect(await ejected("stuck")).to.equal(1);
    expect(mesh.gateway.refused).to.deep.equal([]);
  });
});
