import { readFileSync } from "node:fs";
import { controlPlaneClusterName } from "@smartcall/envoy";
import { expect } from "chai";
import { parseMesh } from "../config/parse-mesh.ts";
import { buildMesh } from "../model/build-mesh.ts";
import { translate } from "../translate/index.ts";
import { referencesOf } from "./references.ts";
import type { Resource, Snapshot } from "./snapshot.ts";
import { snapshotOf } from "./snapshot-of.ts";

describe("the snapshot of a mesh", () => {
  it("knows without reading it what its route table names", () => {
    const everything = new URL("../../src/config/cases/ok-everything.yaml", import.meta.url);
    const [table] = snapshot(readFileSync(everything, "utf8")).route.values();
    if (table === undefined) throw new Error("there is no route table");
    const { cluster = [], ...others } = referencesOf("route", table);
    // That one every node has from its bootstrap.
    const served = cluster.filter((name) => name !== controlPlaneClusterName);
    expect(table.references).to.deep.equal({ ...others, cluster: served });
    expect(table.references?.cluster).to.include("writer-next");
  });

  it("A40 gives each resource a version of its content", () => {
    const one = snapshot("mesh: demo\nagents:\n  one: {}\n  two: {}\n").cluster;
    const timed = "mesh: demo\nagents:\n  one: {}\n  two: { balance: subject }\n";
    const other = snapshot(timed).cluster;
    const version = (of: typeof one, name: string) => of.get(name)?.version;
    expect(version(one, "one")).to.match(/^[0-9a-f]{64}$/);
    expect(version(one, "one")).to.not.equal(version(one, "two"));
    expect(version(other, "one")).to.equal(version(one, "one"));
    expect(version(other, "two")).to.not.equal(version(one, "two"));
  });

  it("serialises anew only what an edit of one agent has changed", () => {
    const agents = (tls: string): string => `mesh: demo\nagents:\n  one: {}\n  two: ${tls}\n`;
    const before = snapshot(agents("{}"));
    const after = snapshot(agents('{ instances: { static: ["127.0.0.1:5000"] } }'));
    const same = (of: (snapshot: Snapshot) => Resource | undefined): boolean =>
      of(before)?.body === of(after)?.body;
    expect(same(({ cluster }) => cluster.get("one"))).to.equal(true);
    expect(same(({ endpoint }) => endpoint.get("one"))).to.equal(true);
    expect(same(({ endpoint }) => endpoint.get("two"))).to.equal(false);
  });
});

function snapshot(text: string): Snapshot {
  const parsed = parseMesh([{ name: "mesh.yaml", text }]);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(({ message }) => message).join("\n"));
  const mesh = buildMesh(parsed.config, {
    instances: new Map(),
    authorities: new Map([...parsed.config.agents.keys()].map((agent) => [agent, "authority"])),
    certificate: { certificateChain: "chain", privateKey: "key" },
    issuerKeys: '{"keys":[]}',
    egressKeys: new Map(["inside", "openai"].map((egress) => [egress, "key"])),
    egressAuthorities: new Map(["inside", "openai"].map((egress) => [egress, "PEM"])),
  });
  return snapshotOf(translate(mesh, new Uint8Array()));
}
