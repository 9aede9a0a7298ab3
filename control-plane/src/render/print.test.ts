import type { JsonValue } from "@bufbuild/protobuf";
import { expect } from "chai";
import { parse } from "yaml";
import { parseMesh } from "../config/index.ts";
import type { Mesh } from "../model/mesh.ts";
import { edgeVariables, offlineMesh, printYaml, renderMesh } from "./index.ts";

describe("a rendered mesh", () => {
  it("puts every text in quotes, or on lines of its own, and nothing else", () => {
    const plain: JsonValue = {
      texts: ["on", "1e3", "~", "", "a: b", "2020-01-01", "0x1f", 'a "b"'],
      lines: "a\n  b\n",
      others: [true, 1, 0.5],
    };
    const yaml = printYaml(plain, ["Above it."]);
    expect(yaml).to.equal(`# Above it.

texts:
  - "on"
  - "1e3"
  - "~"
  - ""
  - "a: b"
  - "2020-01-01"
  - "0x1f"
  - "a \\"b\\""
lines: |
  a
    b
others:
  - true
  - 1
  - 0.5
`);
    for (const version of ["1.1", "1.2"] as const) {
      expect(parse(yaml, { version })).to.deep.equal(plain);
    }
  });

  it("has nothing to discover, and no secret", () => {
    const text = printYaml(renderMesh(meshOf("agents: { echo: {} }")));
    for (const word of ["ads:", "rds:", "config_discovery", "eds_cluster_config", "sds_config:"]) {
      expect(text).not.to.include(word);
    }
    for (const variable of Object.values(edgeVariables)) {
      expect(text).to.include(`environment_variable: "${variable}"`);
    }
    expect(text).not.to.match(/inline_string: "?-----BEGIN|"keys"/);
  });

  it("holds the instances that are written, and those that are told", () => {
    const address = { kind: "unix", path: "/run/a.sock" } as const;
    const told = { id: "a", address, healthy: true, zone: "b", version: "1" };
    const mesh = meshOf(
      'agents: { echo: {}, far: { instances: { static: ["127.0.0.1:5000"] } } }',
      new Map([["echo", [told]]]),
    );
    const text = JSON.stringify(renderMesh(mesh));
    expect(text).to.include('"port_value":5000').and.to.include('"path":"/run/a.sock"');
  });
});

function meshOf(
  body: string,
  instances: NonNullable<Parameters<typeof offlineMesh>[1]["instances"]> = new Map(),
): Mesh {
  const parsed = parseMesh([{ name: "mesh.yaml", text: `mesh: demo\n${body}\n` }]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return offlineMesh(parsed.config, { authorities: new Map(), instances });
}
