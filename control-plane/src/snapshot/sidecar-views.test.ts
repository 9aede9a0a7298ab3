import { expect } from "chai";
import type { Agent, Mesh } from "../model/mesh.ts";
import { meshSecrets, sidecarsOf, translate } from "../translate/index.ts";
import { danglingReferences } from "./consistency.ts";
import { createSidecarViews, type SidecarOrder } from "./sidecar-views.ts";
import { snapshotOf } from "./snapshot-of.ts";
import { type View, viewOf } from "./view.ts";

const origin = { file: "mesh.yaml", line: 1, column: 1 };
const keyPair = (of: string) => ({
  certificateChain: `chain of ${of}`,
  privateKey: `key of ${of}`,
});
const trusted = (of: string) => ({
  domain: "demo",
  authorities: "authority",
  certificate: keyPair(of),
});
const agent = (name: string, calls: readonly string[] = []): Agent => ({
  name,
  instances: [],
  calls,
  origin,
});
const mesh: Mesh = {
  name: "test",
  gateway: { https: { address: "0.0.0.0", port: 8443, certificate: keyPair("edge") }, origin },
  issuers: [{ name: "smartcall:test", audiences: ["smartcall"], keys: '{"keys":[]}' }],
  trust: trusted("gateway"),
  agents: [agent("other"), agent("planner", ["writer"]), agent("writer")],
  routes: ["other", "planner", "writer"].map((name) => ({
    name,
    match: { agent: name, headers: {}, claims: {} },
    to: [{ agent: name, weight: 1 }],
    allow: { kind: "callers", scopes: ["agents:invoke"] },
    timeoutMs: 60_000,
    origin,
  })),
};
const gateways = (of: Mesh): View =>
  viewOf({ ...snapshotOf(translate(of, new Uint8Array())), sidecars: sidecarsOf(of) }, undefined);

describe("the view of a sidecar", () => {
  const order: SidecarOrder = {
    agent: "planner",
    place: { inbound: { host: "127.0.0.1", port: 7001 }, egressPort: 7002 },
    secrets: meshSecrets(trusted("planner")),
  };
  const view = createSidecarViews()(gateways(mesh), order);
  const names = (type: keyof typeof view.versions) => [...view.snapshot[type].keys()].sort();

  it("is kept for so many places of an agent, whatever those of another", () => {
    const views = createSidecarViews();
    const all = gateways(mesh);
    const at = (agent: string, port: number): View =>
      views(all, { ...order, agent, place: { inbound: { host: "127.0.0.1", port } } });
    const writer = at("writer", 1);
    const oldest = at("planner", 1);
    for (let port = 2; port <= 1_000; port++) at("planner", port);
    expect(at("planner", 1)).to.equal(oldest);
    const newest = at("planner", 1_001);
    expect(at("planner", 1)).to.not.equal(oldest);
    expect(at("planner", 1_001)).to.equal(newest);
    expect(at("writer", 1)).to.equal(writer);
  }).timeout(20_000);

  it("has the clusters of the agents that it may call, and no others", () => {
    expect(names("cluster")).to.deep.equal(["smartcall:agent", "writer"]);
    expect(names("endpoint")).to.deep.equal(["writer"]);
  });

  it("has its own certificate and no other secret", () => {
    expect(names("secret")).to.deep.equal(["mesh-authority", "mesh-certificate"]);
    const bodies = [...view.snapshot.secret.values()].map(({ body }) =>
      Buffer.from(body).toString(),
    );
    expect(bodies.join()).to.include("key of planner");
    for (const other of ["gateway", "edge"])
      expect(bodies.join()).to.not.include(`key of ${other}`);
  });

  it("looks at tokens by the very filters of gateways, and holds together", () => {
    expect(names("extension")).to.deep.equal(["callers", "denied", "jwt"]);
    const { extension } = gateways(mesh).snapshot;
    for (const name of ["denied", "jwt"]) {
      expect(view.snapshot.extension.get(name)?.version).to.equal(extension.get(name)?.version);
    }
    // Filters name it that are in every sidecar; none asks it where no route leads there.
    expect(
      danglingReferences(view.snapshot, view.references).map(({ to }) => to.name),
    ).to.deep.equal(["smartcall:quota"]);
  });

  it("is made once, until its mesh or its certificate is another", () => {
    const views = createSidecarViews();
    const all = gateways(mesh);
    const first = views(all, order);
    expect(views(all, order)).to.equal(first);
    const renewed = views(all, { ...order, secrets: meshSecrets(trusted("planner")) });
    expect(renewed).to.not.equal(first);
    expect(renewed.versions).to.deep.equal(first.versions);
    expect(views(gateways(mesh), order)).to.not.equal(first);
  });

  it("stays through changes that are none for it, and through no other", () => {
    const views = createSidecarViews();
    let before: View | undefined;
    const next = (of: Mesh): View => {
      const made = snapshotOf(translate(of, new Uint8Array()));
      before = viewOf({ ...made, sidecars: sidecarsOf(of) }, before);
      return views(before, order);
    };
    const address = { kind: "ip", host: "10.0.0.1", port: 1 } as const;
    const instances = [{ id: "one", address, healthy: true, zone: "", version: "" }];
    const running = (name: string): Mesh => ({
      ...mesh,
      agents: mesh.agents.map((each) => (each.name === name ? { ...each, instances } : each)),
    });
    const first = next(mesh);
    expect(next(running("other"))).to.equal(first);
    expect(next(running("planner"))).to.equal(first);
    const called = next(running("writer"));
    expect(called.versions.endpoint).to.not.equal(first.versions.endpoint);
    expect(next(mesh).versions).to.deep.equal(first.versions);
    const alone = { ...mesh, agents: mesh.agents.map(({ calls: _, ...each }) => each) };
    expect(next(alone).versions.route).to.not.equal(first.versions.route);
  });

  it("has nothing for an agent that the mesh lacks", () => {
    const none = createSidecarViews()(gateways(mesh), { ...order, agent: "stranger" });
    for (const type of ["cluster", "listener", "secret"] as const) {
      expect(none.snapshot[type].size, type).to.equal(0);
    }
  });
});
