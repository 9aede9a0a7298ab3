import { expect } from "chai";
import { agent, mesh, route } from "../translate/mesh-sketch.test.ts";
import { describeAgent } from "./describe-agent.ts";
import { knownAgents } from "./known-agents.ts";

describe("what the directory knows of an agent", () => {
  const instance = (id: string, healthy: boolean) => ({
    id,
    healthy,
    zone: "here",
    version: id,
    address: { kind: "ip" as const, host: "127.0.0.1", port: 1 },
  });

  it("is how those are that its routes lead to, not its own instances", () => {
    const agents = [
      agent("door", [instance("door-1", false)]),
      agent("one", [instance("one-1", true)]),
      agent("two", [instance("two-1", false)]),
      agent("shut", [instance("shut-1", true)]),
    ];
    const to = [
      { agent: "one", weight: 1 },
      { agent: "two", weight: 0 },
    ];
    const routes = [
      route("door", { to }),
      route("one", { to: [{ agent: "two", weight: 1 }] }),
      route("two", { to: [...to, { agent: "shut", weight: 1 }, { agent: "door", weight: 1 }] }),
    ];
    const told = knownAgents(mesh({ agents, routes }), []).map((known) => {
      const described = describeAgent(known);
      return [described.getName(), described.getHealth(), ...described.getVersionsList()];
    });
    expect(told).to.deep.equal([
      ["door", "available", "one-1"],
      ["one", "unavailable", "two-1"],
      ["two", "degraded", "door-1", "one-1", "shut-1"],
      ["shut", "unavailable"],
    ]);
  });
});
