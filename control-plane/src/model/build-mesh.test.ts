import { expect } from "chai";
import { parseMesh } from "../config/parse-mesh.ts";
import { buildMesh, type Material } from "./build-mesh.ts";
import type { Mesh } from "./mesh.ts";

const instance = (id: string) =>
  ({
    id,
    address: { kind: "ip", host: "127.0.0.1", port: 1000 },
    healthy: true,
    zone: "",
    version: "1",
  }) as const;

const material = {
  instances: new Map([
    ["writer", [instance("b"), instance("a")]],
    ["stranger", [instance("c")]],
  ]),
  certificate: { certificateChain: "chain", privateKey: "key" },
  issuerKeys: '{"keys":[]}',
};

function meshOf(text: string, of: Material = material): Mesh {
  const parsed = parseMesh([{ name: "mesh.yaml", text }]);
  if (!parsed.ok) {
    return expect.fail(JSON.stringify(parsed.diagnostics));
  }
  return buildMesh(parsed.config, of);
}

/** What the mesh is, without where it was written. */
function bytesOf(mesh: Mesh): string {
  return JSON.stringify(mesh, (key, value: unknown) => (key === "origin" ? undefined : value));
}

describe("building a mesh", () => {
  it("gives an agent that no route names a route for the standard scope", () => {
    const { routes } = meshOf("mesh: demo\nagents: { echo: {} }\n");
    expect(routes).to.deep.equal([
      {
        name: "default:echo",
        match: { agent: "echo", headers: {}, claims: {} },
        to: [{ agent: "echo", weight: 1 }],
        allow: { kind: "callers", scopes: ["agents:invoke"] },
        timeoutMs: 300_000,
        origin: { file: "mesh.yaml", line: 2, column: 11 },
      },
    ]);
  });

  it("gives none to an agent that a route names, even where that route takes few calls", () => {
    const { routes } = meshOf(
      "mesh: demo\nagents: { echo: {} }\nroutes: [{ name: gold, match: { agent: echo, claims: { plan: gold } }, to: echo }]\n",
    );
    expect(routes.map(({ name }) => name)).to.deep.equal(["gold"]);
  });

  it("puts routes into matching order: more headers, then more claims", () => {
    const { routes } = meshOf(`mesh: demo
agents: { a: {}, b: {} }
routes:
  - { name: plain, match: { agent: b } }
  - { name: claims, match: { agent: b, claims: { p: x, q: y } } }
  - { name: claim, match: { agent: b, claims: { p: x } } }
  - { name: header, match: { agent: b, headers: { X-B: "1" } }, to: { b: 1, a: 2 }, timeout: 2s }
  - { name: open, match: { agent: a }, public: true }
`);
    expect(routes.map(({ name }) => name)).to.deep.equal([
      "open",
      "header",
      "claims",
      "claim",
      "plain",
    ]);
    expect(routes[0]?.allow).to.deep.equal({ kind: "public" });
    expect(routes[1]).to.deep.include({
      match: { agent: "b", headers: { "x-b": "1" }, claims: {} },
      to: [
        { agent: "a", weight: 2 },
        { agent: "b", weight: 1 },
      ],
      timeoutMs: 2000,
    });
  });

  it("puts whole paths before prefixes, and a model before claims", () => {
    const { routes } = meshOf(`mesh: demo
agents: { a: {}, b: {} }
routes:
  - { name: claims, match: { agent: a, claims: { p: x, q: y } } }
  - { name: model, match: { agent: a, model: [small, large, small] } }
  - { name: pattern, match: { agent: a, path: "/*/Invoke" } }
  - { name: prefix, match: { agent: a, path: "/v1/*" } }
  - name: exact
    match: { agent: a, path: /v1/agents/a:stream }
    to: { a: 1, b: 1 }
    sticky: claim:team
    retry: { attempts: 2, on: [unavailable, reset, reset] }
`);
    expect(routes.map(({ name }) => name).slice(0, 5)).to.deep.equal([
      "exact",
      "prefix",
      "pattern",
      "model",
      "claims",
    ]);
    expect(routes[0]).to.deep.include({
      match: { agent: "a", path: "/v1/agents/a:stream", headers: {}, claims: {} },
      sticky: "team",
      retry: { attempts: 2, on: ["reset", "unavailable"] },
    });
    expect(routes[3]?.match.models).to.deep.equal(["large", "small"]);
  });

  it("has the addresses that operators write as instances, and what they must prove", () => {
    const text = `mesh: demo
agents:
  named: { instances: { dns: writer.internal:1, tls: { ca: { file: ca.pem } } } }
  renamed: { instances: { dns: writer.internal:1, tls: { ca: { file: ca.pem }, name: poet } } }
  secure: { instances: { static: ["10.0.0.2:1", "[2001:DB8::1]:1"], tls: { ca: { file: ca.pem } } } }
  writer: { instances: { static: ["unix:/run/w.sock", "127.0.0.1:7"] } }
`;
    const authorities = new Map(["named", "renamed", "secure"].map((agent) => [agent, "PEM"]));
    const [named, renamed, secure, writer] = meshOf(text, { ...material, authorities }).agents;
    expect(writer?.instances.map(({ id, address }) => [id, address.kind])).to.deep.equal([
      ["127.0.0.1:7", "ip"],
      ["unix:/run/w.sock", "unix"],
    ]);
    expect(writer).to.not.have.property("tls");
    const dns = (value: string) => [{ kind: "dns", value }];
    const tls = { authorities: "PEM", serverName: "writer.internal" };
    expect(named?.tls).to.deep.equal({ ...tls, names: dns("writer.internal") });
    expect(renamed?.tls).to.deep.equal({ ...tls, serverName: "poet", names: dns("poet") });
    expect(secure?.tls).to.deep.equal({
      authorities: "PEM",
      serverName: undefined,
      names: [
        { kind: "ip", value: "10.0.0.2" },
        { kind: "ip", value: "2001:db8::1" },
      ],
    });
    expect(() => meshOf(text)).to.throw("authorities of named");
  });

  it("has the instances of listed agents only, sorted, and its own issuer", () => {
    const mesh = meshOf("mesh: demo\nagents: { writer: {}, echo: {} }\n");
    expect(
      mesh.agents.map(({ name, instances }) => [name, instances.map(({ id }) => id)]),
    ).to.deep.equal([
      ["echo", []],
      ["writer", ["a", "b"]],
    ]);
    expect(mesh.issuers).to.deep.equal([
      { name: "smartcall:demo", audiences: ["smartcall"], keys: '{"keys":[]}' },
    ]);
    expect(mesh.gateway.https.certificate).to.equal(material.certificate);
  });

  it("A95 is the same whatever the order, the anchors and the flow of the text", () => {
    const one = meshOf(`mesh: demo
agents: { a: {}, b: {} }
routes:
  - name: one
    match: { agent: a, claims: { p: [y, x, y], q: z } }
    allow: { scopes: [s, t] }
  - name: two
    match: { agent: a, claims: { p: [v], q: z } }
    to: { a: 1, b: 2 }
    allow: { scopes: [t, s] }
`);
    const other = meshOf(`routes:
  - { to: { b: 2, a: 1 }, allow: &who { scopes: [s, t] }, match: { claims: { q: z, p: v }, agent: a }, name: two }
  - match: { claims: { q: z, p: [x, y] }, agent: a }
    allow: *who
    name: one
agents:
  b:
  a:
mesh: demo
`);
    expect(bytesOf(other)).to.equal(bytesOf(one));
  });
});
