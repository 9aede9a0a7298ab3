import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { invokeGrpc, saying } from "../harness/grpc.ts";
import { percentile } from "../harness/percentile.ts";
import {
  agentOf,
  instanceAt,
  routeOf,
  type ScriptedMesh,
  startScriptedMesh,
  textOf,
  times,
} from "./scripted-mesh.ts";

const retry = { attempts: 2, on: ["slow"], perTryMs: 300, firstEventMs: 600 } as const;
const four = ["a", "b", "c", "d"];

describe("A try that is too slow", () => {
  let mesh: ScriptedMesh;
  before(async () => {
    mesh = await startScriptedMesh([...four, "slow", "quick"], (server) => {
      const at = (...names: string[]) => names.map((name) => instanceAt(server(name)));
      return {
        agents: [
          agentOf("pair", at("slow", "quick"), { ejection: "never" }),
          agentOf("stream-only", at("slow", "quick"), { ejection: "never" }),
          agentOf("alone", at("slow")),
          agentOf("half", at(...four)),
        ],
        routes: [
          routeOf("pair", { retry }),
          routeOf("stream-only", {
            match: { agent: "stream-only", path: "/v1/agents/*:stream", headers: {}, claims: {} },
            retry,
          }),
          routeOf("alone", { retry: { attempts: 0, on: [], perTryMs: 300 } }),
          routeOf("half", { retry }),
        ],
      };
    });
  });
  after(() => mesh.stop());
  afterEach(() => {
    for (const name of [...four, "slow", "quick"]) mesh.server(name).does = {};
  });

  it("is given up at the instance, and made again at another", async () => {
    const { server } = mesh;
    server("slow").does = { afterMs: 2_000 };
    const before = { ...server("slow") };
    const replies = await times(10, async () => textOf(await mesh.call("pair")));
    expect(replies).to.deep.equal(Array(10).fill("quick"));
    const tries = server("slow").calls - before.calls;
    expect(tries).to.be.greaterThan(0);
    await eventually(() => {
      expect(server("slow").cancelled - before.cancelled).to.equal(tries);
    });
  });

  it("is one of a stream whose first event is late, and none whose second is", async () => {
    mesh.server("slow").does = { afterMs: 2_000, events: 1 };
    mesh.server("quick").does = { afterMs: 400, events: 100 };
    for (const agent of ["pair", "stream-only"]) {
      const reply = await mesh.call(agent, { method: "stream" });
      // Longer than an answer, and its whole longer than its first event, may take.
      expect(textOf(reply), agent).to.equal("quick");
      expect(reply.text.match(/data: /g)).to.have.length(100);
    }
  });

  it("is told as a call that took too long, where it was the last", async () => {
    mesh.server("slow").does = { afterMs: 8_000 };
    const since = performance.now();
    expectRefusal(await mesh.call("alone"), 504, "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED");
    expect(performance.now() - since).to.be.lessThan(7_000);
  });

  it("does not take from the deadline that the agent is told", async () => {
    const { gateway, server } = mesh;
    const pair = [server("slow"), server("quick")];
    const call = { agent: "pair", token: gateway.token(), request: saying("hello") };
    const told = async (deadlineMs?: number): Promise<readonly number[]> => {
      const before = pair.map(({ deadlines }) => deadlines.length);
      const given = deadlineMs === undefined ? call : { ...call, deadlineMs };
      const replies = await times(10, () => invokeGrpc(gateway, given));
      expect(replies.map(({ ok }) => ok)).to.deep.equal(Array(10).fill(true));
      return pair.flatMap(({ deadlines }, at) => deadlines.slice(before[at]));
    };
    const given = await told(5_000);
    expect(given).to.have.length(10);
    for (const each of given) expect(each).to.be.within(2_000, 5_000);
    // That of the route, and of its later tries what is left of it.
    server("slow").does = { afterMs: 2_000 };
    const routes = await told();
    expect(routes).to.have.length.above(10);
    for (const each of routes) expect(each).to.be.within(15_000, 20_500);
  });

  it("bounds the slowest calls while half of the instances are slow, until those are left alone", async () => {
    const quickly = await latencies(200);
    for (const name of ["a", "b"]) mesh.server(name).does = { afterMs: 3_000 };
    const during = await latencies(200);
    const p99 = (all: readonly number[]) => percentile(all, 0.99);
    const [before, slow] = [p99(quickly), p99(during)];
    // At most two tries of 300 ms before one elsewhere, and never what a slow one takes.
    expect(slow).to.be.within(300, 2_900);
    expect(await mesh.gateway.stat("cluster.half.outlier_detection.ejections_active")).to.equal(2);
    // The best of a few: else one stall of the machine is all that is seen.
    const after: number[] = [];
    for (let time = 0; time < 3; time += 1) after.push(p99(await latencies(200)));
    expect(Math.min(...after)).to.be.lessThan(Math.max(2 * before, 300));
    expect(mesh.gateway.refused).to.deep.equal([]);
  });

  /** How long each call took, eight at once. */
  const latencies = async (count: number): Promise<readonly number[]> => {
    const callers = Array.from({ length: 8 }, () =>
      times(count / 8, async () => {
        const since = performance.now();
        expect((await mesh.call("half")).status).to.equal(200);
        return performance.now() - since;
      }),
    );
    return (await Promise.all(callers)).flat();
  };
});
