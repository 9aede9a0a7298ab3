import { setTimeout } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { callFailure, delta } from "@smartcall/agent-kit";
import { expect } from "chai";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { invokeGrpc, saying, streamGrpc } from "../harness/grpc.ts";
import type { RestReply } from "../harness/rest.ts";
import { type KitAgent, startKitAgent } from "./kit-agent.ts";
import {
  agentOf,
  instanceAt,
  routeOf,
  type ScriptedMesh,
  startScriptedMesh,
  textOf,
} from "./scripted-mesh.ts";

const eager = { attempts: 3, on: ["unavailable"] } as const;

describe("An agent with more calls than it can take", () => {
  let kit: KitAgent;
  let mesh: ScriptedMesh;
  before(async () => {
    kit = await startKitAgent({
      name: "busy",
      concurrency: { running: 2, waiting: 1 },
      async *stream({ signal }) {
        await setTimeout(1_500, undefined, { signal });
        yield delta("busy");
      },
    });
    mesh = await startScriptedMesh(["spare", "slow", "failing"], (server) => {
      const busy = instanceAt({ name: "busy", port: kit.port });
      return {
        agents: [
          agentOf("busy", [busy]),
          agentOf("with-spare", [busy, instanceAt(server("spare"))]),
          agentOf("with-stand-in", [busy]),
          agentOf("spare", [instanceAt(server("spare"))]),
          agentOf("slow", [instanceAt(server("slow"))], { concurrency: { running: 3 } }),
          agentOf("failing", [instanceAt(server("failing"))]),
        ],
        routes: [
          routeOf("with-spare", { retry: eager }),
          routeOf("with-stand-in", { fallback: ["spare"] }),
          routeOf("failing", { retry: eager }),
        ],
      };
    });
  });
  after(async () => {
    await mesh.stop();
    await kit.stop();
  });

  const overloaded = (reply: RestReply): void => {
    expectRefusal(reply, 503, "UNAVAILABLE", "AGENT_OVERLOADED");
    expect(reply.headers["retry-after"]).to.equal("1");
    expect(Object.keys(reply.headers)).to.not.include("smartcall-status");
  };
  /** How many were answered, and the other replies, with whether each came before any answer. */
  const atOnce = async (count: number, agent: string, method = "invoke") => {
    const since = performance.now();
    const replies = await Promise.all(
      Array.from({ length: count }, async () => {
        const reply = await mesh.call(agent, { method });
        return { reply, ms: performance.now() - since };
      }),
    );
    const answered = replies.filter(({ reply }) => reply.status === 200);
    const first = Math.min(...answered.map(({ ms }) => ms));
    return {
      answered: answered.length,
      refused: replies
        .filter(({ reply }) => reply.status !== 200)
        .map(({ ms, reply }) => ({ reply, atOnce: ms < first })),
    };
  };

  for (const method of ["invoke", "stream"]) {
    it(`is not kept waiting for by those that its kit turns away: ${method}`, async () => {
      const { answered, refused } = await atOnce(13, "busy", method);
      expect(answered).to.equal(3);
      for (const { atOnce: soon, reply } of refused) {
        overloaded(reply);
        expect(soon).to.equal(true);
      }
      expect(await mesh.gateway.stat("cluster.busy.outlier_detection.ejections_active")).to.equal(
        0,
      );
    });
  }

  it("tells native callers so by UNAVAILABLE, and when to come again", async () => {
    const others = Array.from({ length: 6 }, () => mesh.call("busy"));
    // The first reply turns one away: from here on each place is taken for a second.
    overloaded(await Promise.race(others));
    const call = { agent: "busy", token: mesh.gateway.token(), request: saying("hello") };
    const [reply, streamed] = await Promise.all([
      invokeGrpc(mesh.gateway, call),
      streamGrpc(mesh.gateway, call),
    ]);
    if (reply.ok) throw new Error("answered");
    expect(reply.error.code).to.equal(status.UNAVAILABLE);
    const { code, details } = callFailure(reply.error);
    expect([code, details.reason]).to.deep.equal(["UNAVAILABLE", "AGENT_OVERLOADED"]);
    expect(details.retryAfterMs).to.equal(1_000);
    expect(streamed.status.code).to.equal(status.UNAVAILABLE);
    await Promise.all(others);
  });

  it("has them tried on another instance, or answered by another agent, if the route says so", async () => {
    for (const agent of ["with-spare", "with-stand-in"]) {
      expect(await atOnce(20, agent), agent).to.deep.equal({ answered: 20, refused: [] });
    }
  });

  it("is asked by a gateway for no more than its `concurrency`, where no sidecar is before it", async () => {
    mesh.server("slow").does = { afterMs: 1_500 };
    const { answered, refused } = await atOnce(10, "slow");
    expect(answered).to.equal(3);
    expect(mesh.server("slow").most).to.equal(3);
    for (const { atOnce: soon, reply } of refused) {
      overloaded(reply);
      expect(soon).to.equal(true);
    }
    const others = atOnce(3, "slow");
    await setTimeout(300);
    const call = { agent: "slow", token: mesh.gateway.token(), request: saying("hello") };
    const reply = await invokeGrpc(mesh.gateway, call);
    if (reply.ok) throw new Error("answered");
    const { code, details } = callFailure(reply.error);
    expect([code, details.reason]).to.deep.equal(["UNAVAILABLE", "AGENT_OVERLOADED"]);
    await others;
  });

  it("does not get its load multiplied by tries when all of them fail", async () => {
    mesh.server("failing").does = { fail: 14, afterMs: 500 };
    const { [`failing`]: tries = 0 } = await mesh.counting(() =>
      Promise.all(Array.from({ length: 60 }, () => mesh.call("failing"))),
    );
    // Without a budget it were four times 60.
    expect(tries).to.be.greaterThan(60);
    expect(tries).to.be.lessThan(180);
    expect(await mesh.gateway.stat("cluster.failing.upstream_rq_retry_overflow")).to.be.greaterThan(
      0,
    );
    expect(textOf(await mesh.call("spare"))).to.equal("spare");
    expect(mesh.gateway.refused).to.deep.equal([]);
  });
});
