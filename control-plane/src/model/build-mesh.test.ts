import { expect } from "chai";
import { parseMesh } from "../config/parse-mesh.ts";
import { buildMesh, type Material } from "./build-mesh.ts";
import type { Mesh } from "./mesh.ts";

const instance = (id: string) =>
  ({
    id,
    address: { kind: "unix", path: `/run/${id}` },
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
    const [named, renamed, secure, writer] = meshOf(text, {
      ...material,
      instances: new Map(),
      authorities,
    }).agents;
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

  it("has the instances of leases, DNS and addresses together, each place once", () => {
    const text = `mesh: demo
agents:
  writer: { instances: { static: ["127.0.0.1:7", "10.0.0.1:7", "unix:/run/a"], dns: a.internal:1 } }
  inside: { instances: { static: ["127.0.0.1:8"], sidecars: true } }
  proved: { instances: { static: ["127.0.0.1:9"], tls: { ca: { file: ca.pem } } } }
`;
    const { agents } = meshOf(text, { ...material, authorities: new Map([["proved", "PEM"]]) });
    expect(
      agents.map(({ name, instances }) => [
        name,
        ...instances.map(({ id, reach, version }) => `${id} ${reach ?? "-"} ${version || "-"}`),
      ]),
    ).to.deep.equal([
      ["inside", "127.0.0.1:8 sidecar -"],
      ["proved", "127.0.0.1:9 authority -"],
      ["writer", "10.0.0.1:7 sidecar -", "127.0.0.1:7 plain -", "a - 1", "b - 1"],
    ]);
  });

  it("has what agents do to each other, and how calls find their instances", () => {
    const text = `mesh: demo
agents:
  planner: { calls: [writer, echo], balance: subject, concurrency: 8, ejection: never }
  echo: { expose: false, balance: header:X-Id, ejection: { for: 5s } }
  writer: {}
routes:
  - name: writing
    match: { agent: writer }
    retry: { attempts: 1, on: [slow, reset], perTry: 2s, firstEvent: 3s, hedge: true }
    fallback: [planner, echo]
  - { name: planning, match: { agent: planner }, retry: { attempts: 2, firstEvent: 1s } }
`;
    const { agents, routes } = meshOf(text, { ...material, instances: new Map() });
    const [echo, planner, writer] = agents.map(({ origin, instances, name, ...rest }) => rest);
    expect(echo).to.deep.equal({
      hidden: true,
      balance: { kind: "hash", by: { kind: "header", header: "x-id" } },
      ejection: { failures: 5, forMs: 5_000, mostPercent: 60 },
    });
    expect(planner).to.deep.equal({
      calls: ["echo", "writer"],
      balance: { kind: "hash", by: { kind: "claim", claim: "sub" } },
      concurrency: { running: 8 },
      ejection: "never",
    });
    expect(writer).to.deep.equal({});
    const writing = routes.find(({ name }) => name === "writing");
    const on = ["reset", "slow"];
    const retry = { attempts: 1, on, perTryMs: 2_000, firstEventMs: 3_000, hedge: true };
    expect(writing).to.deep.include({ retry, fallback: ["planner", "echo"] });
    const planning = routes.find(({ name }) => name === "planning")?.retry;
    expect(planning?.on).to.deep.equal(["reset", "slow", "unavailable"]);
  });

  it("has the hosts outside it with their keys, and none without the key that it names", () => {
    const text = `mesh: demo
agents: { writer: {}, echo: {} }
egress:
  - { name: openai, host: API.openai.com, key: { env: KEY }, agents: [writer, echo] }
  - { name: inside, host: "2001:DB8::7", port: 1, ca: { file: ca.pem }, key: { file: k }, header: X-Key, timeout: 9s }
  - { name: bare, host: 10.0.0.1, key: { file: k }, prefix: "" }
`;
    const egressKeys = new Map(["openai", "inside", "bare"].map((name) => [name, `key-${name}`]));
    const held = { ...material, egressKeys, egressAuthorities: new Map([["inside", "PEM"]]) };
    const found = meshOf(text, held).egress?.map(({ origin, ...rest }) => rest);
    const key = (name: string, header = "authorization", prefix = "") => ({
      key: { header, prefix, value: `key-${name}` },
    });
    expect(found).to.deep.equal([
      { name: "bare", host: "10.0.0.1", port: 443, ...key("bare"), timeoutMs: 300_000 },
      {
        name: "inside",
        host: "2001:db8::7",
        port: 1,
        authorities: "PEM",
        ...key("inside", "x-key"),
        timeoutMs: 9_000,
      },
      {
        name: "openai",
        host: "api.openai.com",
        port: 443,
        ...key("openai", "authorization", "Bearer "),
        agents: ["echo", "writer"],
        timeoutMs: 300_000,
      },
    ]);
    expect(() => meshOf(text, { ...held, egressKeys: new Map() })).to.throw("key of the egress");
    expect(() => meshOf(text, { ...material, egressKeys })).to.throw("authorities of the egress");
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
