import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import {
  agentOf,
  instanceAt,
  routeOf,
  type ScriptedMesh,
  startScriptedMesh,
  textOf,
  times,
} from "./scripted-mesh.ts";

describe("The last instance of an agent", () => {
  let mesh: ScriptedMesh;
  /** The instances of each agent: `a` lives, `b` is gone where it is not healthy. */
  const parts =
    (healthy: boolean) => (server: (name: string) => { port: number; name: string }) => {
      const both = [instanceAt(server("a")), instanceAt(server("b"), { healthy })];
      const gone = [instanceAt(server("b"), { healthy: false })];
      return {
        agents: [
          agentOf("later", both),
          agentOf("before", [instanceAt(server("a")), ...gone]),
          agentOf("none", gone),
          agentOf("none-but-spare", gone),
          agentOf("spare", [instanceAt(server("spare"))]),
        ],
        routes: [routeOf("none-but-spare", { fallback: ["spare"] })],
      };
    };
  before(async () => {
    mesh = await startScriptedMesh(["a", "b", "spare"], parts(true));
  });
  after(() => mesh.stop());
  afterEach(() => {
    mesh.server("a").does = {};
  });
  const fails = async (agent: string) => {
    mesh.server("a").does = { fail: 14 };
    const asked = await mesh.counting(() => times(30, () => mesh.call(agent)));
    mesh.server("a").does = {};
    return asked["a"];
  };
  const texts = async (agent: string) =>
    new Set((await times(10, () => mesh.call(agent))).map(textOf));

  it("is asked however often it fails, where the others were gone before", async () => {
    expect(await fails("before")).to.equal(30);
    expect(await texts("before")).to.deep.equal(new Set(["a"]));
  });

  it("is asked although it was left alone, where the others go later", async () => {
    expect(await fails("later")).to.equal(5);
    expect(await mesh.gateway.stat("cluster.later.outlier_detection.ejections_active")).to.equal(1);
    expect(await texts("later")).to.deep.equal(new Set(["b"]));
    await mesh.change(parts(false)(mesh.server));
    await eventually(async () => {
      expect(await mesh.gateway.stat("cluster.later.membership_total")).to.equal(1);
    });
    expect(await texts("later")).to.deep.equal(new Set(["a"]));
  });

  it("is not asked once it is gone: a call is refused at once, or falls back", async () => {
    const since = performance.now();
    const reply = await mesh.call("none");
    expectRefusal(reply, 503, "UNAVAILABLE", "AGENT_UNAVAILABLE");
    expect(performance.now() - since).to.be.lessThan(4_000);
    // At once: nobody was waited for in vain.
    expect(await mesh.gateway.stat("cluster.none.upstream_cx_connect_timeout")).to.equal(0);
    expect(await mesh.counting(() => texts("none-but-spare"))).to.deep.equal({ spare: 10 });
    expect(mesh.gateway.refused).to.deep.equal([]);
  });
});
