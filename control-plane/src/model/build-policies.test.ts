import { expect } from "chai";
import { parseMesh } from "../config/parse-mesh.ts";
import { buildMesh, type Material } from "./build-mesh.ts";
import type { Mesh } from "./mesh.ts";

const material: Material = {
  instances: new Map(),
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

describe("the rules of a mesh", () => {
  it("says who may call by claims, certificates and addresses, and whether a token is asked for", () => {
    const { routes } = meshOf(`mesh: demo
gateway: { clients: { ca: { file: ca.pem } } }
agents: { a: {}, b: {}, c: {}, d: {} }
routes:
  - name: a
    match: { agent: a }
    allow: { claims: { plan: [silver, gold, silver], beta: { present: true }, at: x } }
  - { name: b, match: { agent: b }, allow: { certificates: ["spiffe://corp/b", "*.a.internal"] } }
  - { name: c, match: { agent: c }, allow: { scopes: [], claims: { sub: ann }, certificates: [x.internal] } }
  - { name: d, match: { agent: d }, allow: { addresses: ["2001:DB8::/32", 10.0.0.0/8, 192.0.2.7] } }
`);
    expect(routes.map(({ allow }) => allow)).to.deep.equal([
      {
        kind: "callers",
        scopes: ["agents:invoke"],
        claims: { at: ["x"], beta: "present", plan: ["gold", "silver"] },
      },
      {
        kind: "callers",
        scopes: [],
        withoutToken: true,
        certificates: ["*.a.internal", "spiffe://corp/b"],
      },
      { kind: "callers", scopes: [], claims: { sub: ["ann"] }, certificates: ["x.internal"] },
      {
        kind: "callers",
        scopes: ["agents:invoke"],
        addresses: ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"],
      },
    ]);
  });

  it("has limits by their names, budgets with what each is within, and prices for one token", () => {
    const { budgets, prices, routes } = meshOf(`mesh: demo
agents: { a: {} }
prices: { a: { input: 1.25, output: 0.001 } }
budgets:
  team: { by: claim:team, tokens: 2000000, per: day, within: org }
  org: { by: mesh, money: 12.000000001, per: month }
routes:
  - name: a
    match: { agent: a }
    limits:
      - { requests: 60, per: minute, by: subject }
      - { concurrent: 4, by: claim:team }
    budget: { of: team, reserve: 4000 }
`);
    const at = (line: number, column: number) => ({ file: "mesh.yaml", line, column });
    expect(prices).to.deep.equal([{ agent: "a", inputNanos: 1_250, outputNanos: 1 }]);
    expect(budgets).to.deep.equal([
      {
        name: "org",
        by: { kind: "mesh" },
        amount: { kind: "money", nanos: 12_000_000_001 },
        per: "month",
        origin: at(6, 3),
      },
      {
        name: "team",
        by: { kind: "claim", claim: "team" },
        amount: { kind: "tokens", tokens: 2_000_000 },
        per: "day",
        within: "org",
        origin: at(5, 3),
      },
    ]);
    expect(routes[0]?.limits).to.deep.equal([
      {
        kind: "concurrent",
        name: "a:4/at-once/claim:team",
        calls: 4,
        by: { kind: "claim", claim: "team" },
        origin: at(12, 9),
      },
      {
        kind: "requests",
        name: "a:60/minute/subject",
        requests: 60,
        per: "minute",
        by: { kind: "subject" },
        origin: at(11, 9),
      },
    ]);
    expect(routes[0]?.budget).to.deep.equal({
      of: "team",
      reserve: 4_000,
      minimum: 100,
      unavailable: "refuse",
      origin: at(13, 13),
    });
  });

  it("has what the gateway allows, and the issuers whose keys are there, by name", () => {
    const text = `mesh: demo
gateway:
  cors: { origins: [https://b.example.com, "http://localhost:3000"] }
  clients: { ca: { file: ca.pem } }
  bounds: { headers: 2000B, path: 1KiB, newConnections: 5, idle: 5m }
identity:
  - { issuer: z, audiences: [b, a], keys: { file: z.json } }
  - { issuer: late, audiences: [a], keys: { url: "https://late.example.com" } }
  - { issuer: file-less, audiences: [a], keys: { file: gone.json } }
agents: { a: {} }
`;
    const fetched = { name: "b", audiences: ["a"], keys: "B" };
    const { gateway, issuers } = meshOf(text, {
      ...material,
      clientAuthorities: "PEM",
      issuerFiles: new Map([["z", "Z"]]),
      issuers: [fetched],
    });
    expect(gateway).to.deep.include({
      bounds: { headersKiB: 2, pathBytes: 1_024, newConnectionsPerSecond: 5, idleMs: 300_000 },
      corsOrigins: ["http://localhost:3000", "https://b.example.com"],
      clientAuthorities: "PEM",
    });
    expect(issuers.slice(1)).to.deep.equal([
      fetched,
      {
        name: "z",
        audiences: ["a", "b"],
        keys: "Z",
        origin: { file: "mesh.yaml", line: 7, column: 15 },
      },
    ]);
    expect(
      meshOf("mesh: demo\nagents: { a: {} }\n", { ...material, clientAuthorities: "PEM" }).gateway,
    ).to.not.have.any.keys("bounds", "corsOrigins", "clientAuthorities");
  });
});
