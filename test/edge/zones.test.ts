import type { Agent } from "@smartcall/control-plane/dist/model/mesh.js";
import { expect } from "chai";
import type { ScriptedAgent } from "./scripted-agent.ts";
import {
  agentOf,
  instanceAt,
  type ScriptedMesh,
  startScriptedMesh,
  times,
} from "./scripted-mesh.ts";

const near = ["near-1", "near-2"];
const far = ["far-1", "far-2", "far-3"];

describe("A gateway that says where it is", () => {
  let mesh: ScriptedMesh;
  before(async () => {
    mesh = await startScriptedMesh(
      [...near, ...far],
      (server) => ({ agents: [spread(server), inOneZone(server)] }),
      "zone-a",
    );
  });
  after(() => mesh.stop());
  const asked = (agent: string, calls = 60) =>
    mesh.counting(() => times(calls, () => mesh.call(agent)));

  it("sends calls to the instances of its own zone alone, also where others have more", async () => {
    expect(Object.keys(await asked("spread")).sort()).to.deep.equal(near);
  });

  it("sends them to the last one of its zone that is left", async () => {
    const agents = [spread(mesh.server, "near-1")];
    await mesh.change({ agents });
    expect(Object.keys(await asked("spread"))).to.deep.equal(["near-2"]);
  });

  it("sends them to all others where its zone has none that is healthy, and comes back", async () => {
    await mesh.change({ agents: [spread(mesh.server, ...near)] });
    expect(Object.keys(await asked("spread")).sort()).to.deep.equal(far);
    await mesh.change({ agents: [spread(mesh.server)] });
    expect(Object.keys(await asked("spread")).sort()).to.deep.equal(near);
  });

  it("sends them anywhere where an agent has no instance in its zone", async () => {
    await mesh.change({ agents: [inOneZone(mesh.server)] });
    expect(Object.keys(await asked("elsewhere")).sort()).to.deep.equal(far);
    expect(mesh.gateway.refused).to.deep.equal([]);
  });
});

describe("A gateway that does not say where it is", () => {
  it("sends calls to the instances of all zones", async () => {
    const mesh = await startScriptedMesh([...near, ...far], (server) => ({
      agents: [spread(server)],
    }));
    try {
      const counts = await mesh.counting(() => times(100, () => mesh.call("spread")));
      expect(Object.keys(counts).sort()).to.deep.equal([...far, ...near]);
    } finally {
      await mesh.stop();
    }
  });
});

/** Two instances here and three elsewhere; of `sick` none is healthy. */
function spread(server: (name: string) => ScriptedAgent, ...sick: readonly string[]): Agent {
  const at = (names: readonly string[], zone: string) =>
    names.map((name) => instanceAt(server(name), { zone, healthy: !sick.includes(name) }));
  return agentOf("spread", [...at(far, "zone-b"), ...at(near, "zone-a")]);
}

function inOneZone(server: (name: string) => ScriptedAgent): Agent {
  return agentOf(
    "elsewhere",
    far.map((name) => instanceAt(server(name), { zone: "zone-b" })),
  );
}
