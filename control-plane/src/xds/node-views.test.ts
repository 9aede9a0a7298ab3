import { expect } from "chai";
import type { Mesh } from "../model/mesh.ts";
import { snapshotOf } from "../snapshot/snapshot-of.ts";
import { type View, viewOf } from "../snapshot/view.ts";
import { sidecarsOf, type Trust, translate } from "../translate/index.ts";
import { createNodeViews } from "./node-views.ts";

const trustOf = (owner: string): Trust => ({
  authorities: "authority",
  domain: "test",
  certificate: { certificateChain: `chain of ${owner}`, privateKey: `key of ${owner}` },
});

const origin = { file: "mesh.yaml", line: 1, column: 1 };
const { certificate } = trustOf("the edge");
const mesh: Mesh = {
  name: "test",
  gateway: { https: { address: "0.0.0.0", port: 8443, certificate }, origin },
  issuers: [{ name: "smartcall:test", audiences: ["smartcall"], keys: '{"keys":[]}' }],
  agents: ["planner", "writer"].map((name) => ({ name, instances: [], calls: [], origin })),
  routes: [],
};

describe("what a node gets of a view", () => {
  const whole = { ...snapshotOf(translate(mesh, new Uint8Array())), sidecars: sidecarsOf(mesh) };
  const view = viewOf(whole, undefined);
  const views = createNodeViews((owner) => (owner === "agent/late" ? undefined : trustOf(owner)));
  const viewFor = (kind: string, id: string): View | undefined =>
    views({ id, cluster: kind, version: "" }, view);
  const keys = (of: View | undefined): string =>
    [...(of?.snapshot.secret.values() ?? [])].map((one) => Buffer.from(one.body).toString()).join();

  it("A60 has the edge's secrets if it is a gateway, and none if it is of no kind", () => {
    expect(viewFor("gateway", "edge")).to.equal(view);
    expect(keys(view)).to.include("key of the edge");
    for (const kind of ["", "other", "Gateway"]) {
      const other = viewFor(kind, "edge");
      expect(keys(other), kind).to.equal("");
      expect(other?.snapshot.cluster, kind).to.equal(view.snapshot.cluster);
    }
  });

  it("A60 has its own agent's secrets alone if it is a sidecar, and nothing before they are made", () => {
    const its = keys(viewFor("agent/planner", "planner/1"));
    expect(its).to.include("key of agent/planner").and.not.include("key of the edge");
    expect(keys(viewFor("agent/writer", "writer/1"))).to.not.include("agent/planner");
    expect(viewFor("agent/late", "late/1")).to.equal(undefined);
  });
});
