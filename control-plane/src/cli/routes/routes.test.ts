import { expect } from "chai";
import { parseMesh } from "../../config/index.ts";
import { routesOf } from "../../model/build-routes.ts";
import { duration } from "./route-words.ts";
import { hiddenAgents, routeLines } from "./routes.ts";

const plain = { bold: (text: string) => text, dim: (text: string) => text };

describe("routes in words", () => {
  it("says in matching order which calls go where, who may, and for how long", () => {
    const lines = linesOf(`
agents: { writer: {}, writer-next: {}, free: {} }
routes:
  - name: writing
    match: { agent: writer, claims: { plan: [gold, silver] } }
    to: { writer: 95, writer-next: 5 }
    sticky: subject
    timeout: 60s
  - name: beta
    match: { agent: writer, model: [large, huge], headers: { x-beta: "yes" }, claims: { team: red } }
    to: writer-next
    allow: { scopes: [agents:invoke, "writer:big"] }
    retry: { attempts: 3, on: [unavailable, reset] }
    timeout: 10m
  - { name: try-me, match: { agent: free }, public: true, timeout: 1500ms }
`);
    expect(lines.slice(0, -2)).to.deep.equal([
      "try-me: calls to free → free; public: no token is needed; at most 1.5 s (mesh.yaml:15)",
      "beta: calls to writer for model huge or large with header x-beta: yes and claim team red → writer-next; needs scope agents:invoke and writer:big; at most 10 min; tried 3 times more on reset or unavailable (mesh.yaml:9)",
      "writing: calls to writer with claim plan gold or silver → writer 95 %, writer-next 5 % (always the same for a subject); needs scope agents:invoke; at most 60 s (mesh.yaml:4)",
      "  other calls to writer: refused, 403",
      "default:writer-next: calls to writer-next → writer-next; needs scope agents:invoke; at most 5 min (mesh.yaml:2)",
    ]);
  });

  it("says what answers where others cannot, and whom only other agents reach", () => {
    const lines = linesOf(`
agents: { planner: { calls: [helper] }, helper: { expose: false }, spare: {} }
routes:
  - name: planning
    match: { agent: planner }
    retry: { attempts: 1, perTry: 2s }
    fallback: [spare, helper]
  - { name: helping, match: { agent: helper, model: big }, timeout: 9s }
`);
    expect(lines.slice(0, -2)).to.deep.equal([
      "helping: calls to helper for model big → helper; from other agents only; at most 9 s (mesh.yaml:8)",
      "planning: calls to planner → planner; needs scope agents:invoke; at most 5 min; tried once more on reset, slow or unavailable, each try at most 2 s; else spare, then helper (mesh.yaml:4)",
      "default:spare: calls to spare → spare; needs scope agents:invoke; at most 5 min (mesh.yaml:2)",
    ]);
  });

  it("says who may call by what, how often, and what it is paid from", () => {
    const lines = linesOf(`
gateway: { clients: { ca: { file: ca.pem } } }
agents: { writer: {}, batch: {}, any: {} }
prices: { writer: { input: 1, output: 2 } }
budgets:
  team: { by: claim:team, tokens: 2000000, per: day, within: org }
  org: { by: mesh, money: 500, per: month }
routes:
  - name: writing
    match: { agent: writer }
    allow:
      claims: { plan: [gold, silver], beta: { present: true } }
      addresses: [10.0.0.0/8, "::1"]
    limits:
      - { requests: 60, per: minute, by: subject }
      - { requests: 1, per: second, by: claim:team }
      - { concurrent: 4, by: address }
      - { requests: 10000, per: day, by: route }
    budget: { of: team, reserve: 4000, minimum: 500, unavailable: allow }
  - name: jobs
    match: { agent: batch }
    allow: { certificates: ["spiffe://corp/batch", "*.clients.internal"] }
  - name: anybody
    match: { agent: any }
    allow: { scopes: [], claims: { sub: ann } }
`);
    expect(lines.slice(0, 3)).to.deep.equal([
      "anybody: calls to any → any; needs claim sub ann; at most 5 min (mesh.yaml:23)",
      "jobs: calls to batch → batch; needs a certificate for *.clients.internal or spiffe://corp/batch, but no token; at most 5 min (mesh.yaml:20)",
      "writing: calls to writer → writer; needs scope agents:invoke and claim beta and claim plan gold or silver and an address in 10.0.0.0/8 or ::1/128; at most 5 min; at most 1 call per second for each value of claim team, 10000 calls per day for all together, 4 at once for each address, 60 calls per minute for each subject; paid from team, 4000 tokens reserved, at least 500, unpaid while the quota service is away (mesh.yaml:9)",
    ]);
  });

  it("shows small shares, and no value that steers the terminal", () => {
    const [line] = linesOf(`
agents: { a: {}, b: {} }
routes:
  - name: odd
    match: { agent: a, claims: { team: "x\\e[2Jy" } }
    to: { a: 2999, b: 1 }
    sticky: claim:team
`);
    expect(line).to.include(
      "claim team x·[2Jy → a 99.97 %, b 0.033 % (always the same for a value of claim team)",
    );
  });

  it("says times as a person would", () => {
    const said = [250, 1_500, 60_000, 90_000, 120_000, 300_000, 3_600_000].map(duration);
    expect(said.join()).to.equal("250 ms,1.5 s,60 s,90 s,2 min,5 min,1 h");
  });
});

function linesOf(body: string): readonly string[] {
  const parsed = parseMesh([{ name: "mesh.yaml", text: `mesh: demo${body}` }]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return routeLines(routesOf(parsed.config), hiddenAgents(parsed.config), plain);
}
