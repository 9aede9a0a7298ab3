import { expect } from "chai";
import type { MeshConfig } from "./mesh-config.ts";
import { parseMesh } from "./parse-mesh.ts";
import { agentsOf, placesOf } from "./places.ts";

function configOf(...agents: readonly string[]): MeshConfig {
  const parsed = parseMesh([
    { name: "mesh.yaml", text: ["mesh: demo", "agents:", ...agents].join("\n") },
  ]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.config;
}

describe("the names that instances are behind", () => {
  it("are reached in the clear on this machine only, and elsewhere as sidecars or by TLS", () => {
    const config = configOf(
      "  lease: {}",
      '  static: { instances: { static: ["127.0.0.1:1"] } }',
      "  here: { instances: { dns: a.localhost:1 } }",
      "  inside: { instances: { dns: localhost:2, sidecars: true } }",
      "  far: { instances: { dns: far.internal:3 } }",
      "  proved: { instances: { dns: localhost:4, tls: { ca: { file: ca.pem } } } }",
    );
    expect([...placesOf(config)].map(([agent, { host, reach }]) => [agent, host, reach])).to.eql([
      ["here", "a.localhost", "plain"],
      ["inside", "localhost", "sidecar"],
      ["far", "far.internal", "sidecar"],
      ["proved", "localhost", "authority"],
    ]);
  });
});

describe("the agents of versions that are in use at once", () => {
  it("are those of all of them, wherever their instances are", () => {
    const before = configOf("  old: {}", "  far: { instances: { dns: far.internal:3 } }");
    const after = configOf("  fresh: {}", "  far: {}");
    expect([...agentsOf([before, after])].sort()).to.eql(["far", "fresh", "old"]);
  });
});
