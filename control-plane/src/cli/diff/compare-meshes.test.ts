import { expect } from "chai";
import { type MeshConfig, parseMesh } from "../../config/index.ts";
import { plainTerminal } from "../remote/rig.test.ts";
import { compareMeshes, isSame } from "./compare-meshes.ts";
import { differenceLines } from "./difference-lines.ts";

const served = `mesh: demo
gateway: { https: { port: 8443 } }
agents: { writer: {}, writer-next: {}, old: {}, far: { instances: { static: ["127.0.0.1:5000"] } } }
routes:
  - name: writing
    match: { agent: writer }
    to: { writer: 95, writer-next: 5 }
  - { name: gone, match: { agent: old } }
`;

describe("what differs between two versions of a mesh", () => {
  it("is nothing where only comments, order and what counts anyway do", () => {
    const difference = compare(
      served,
      `# The same.
agents:
  old:
  far: { instances: { static: ["127.0.0.1:5000"] } }
  writer-next: {}
  writer: {}
routes:
  - { name: gone, match: { agent: old }, timeout: 300s, to: { old: 7 } }
  - name: writing
    match: { agent: writer }
    to: { writer-next: 5, writer: 95 }
    allow: { scopes: [agents:invoke] }
mesh: demo
`,
    );
    expect(isSame(difference)).to.equal(true);
  });

  it("is told route by route and agent by agent, in words, with its line", () => {
    const lines = linesOf(`mesh: demo
agents: { writer: {}, writer-next: {}, poet: {}, far: { instances: { static: ["127.0.0.1:5001"] } } }
routes:
  - name: writing
    match: { agent: writer }
    to: { writer: 50, writer-next: 50 }
    timeout: 10m
  - { name: beta, match: { agent: writer, headers: { x-beta: "yes" } }, to: writer-next }
`);
    expect(lines).to.deep.equal([
      "~ agent far (mesh.yaml:2)",
      "    - instances by lease and at 127.0.0.1:5000",
      "    + instances by lease and at 127.0.0.1:5001",
      "+ agent poet (mesh.yaml:2)",
      "    instances by lease",
      "- agent old",
      "    instances by lease",
      "+ route default:poet (mesh.yaml:2)",
      "    calls to poet → poet; needs scope agents:invoke; at most 5 min",
      "+ route beta (mesh.yaml:8)",
      "    calls to writer with header x-beta: yes → writer-next; needs scope agents:invoke; at most 5 min",
      "~ route writing (mesh.yaml:4)",
      "    - goes to writer 95 %, writer-next 5 %",
      "    + goes to writer 50 %, writer-next 50 %",
      "    - at most 5 min",
      "    + at most 10 min",
      "- route gone",
      "    calls to old → old; needs scope agents:invoke; at most 5 min",
      "",
      "For Envoy: 1 table of routes changed, 2 clusters (1 new, 1 removed), 1 list of endpoints changed.",
      "2 gateways get it: edge, g2.",
    ]);
  });

  it("warns of what cuts streams, and of what does no tokens good", () => {
    const moved = linesOf(served.replace("8443", "9443"));
    expect(moved.slice(0, 3)).to.deep.equal([
      "~ gateway, https",
      "    - 127.0.0.1:8443",
      "    + 127.0.0.1:9443",
    ]);
    expect(moved.at(-1)).to.include("every stream that is open then is cut");
    const renamed = linesOf(served.replace("demo", "other"));
    expect(renamed).to.include("    Tokens of demo are no longer taken.");
    expect(renamed.join()).not.to.include("cut");
  });

  it("is told for a certificate by its files, and by no more", () => {
    const files = "certificate: { cert: { file: a.pem }, key: { file: a.key } }";
    const lines = linesOf(served.replace("port: 8443", `port: 8443, ${files}`));
    expect(lines).to.deep.equal([
      "~ gateway, certificate",
      "    - dev",
      "    + a.pem, a.key",
      "",
      "For Envoy: 1 certificate changed.",
      "2 gateways get it: edge, g2.",
    ]);
  });

  it("is told for how agents are reached and whom they call, and for hosts outside", () => {
    const lines = linesOf(`mesh: demo
gateway: { https: { port: 8443 } }
agents:
  writer: { calls: [writer-next, far], balance: claim:team, concurrency: 8 }
  writer-next: { expose: false, ejection: { failures: 3 } }
  old: { balance: subject, ejection: never }
  far: { instances: { dns: far.internal:5000, sidecars: true }, balance: header:X-Id }
egress:
  - { name: openai, host: api.openai.com, key: { env: OPENAI_API_KEY }, agents: [writer, old] }
  - { name: inside, host: "::1", port: 1, ca: { file: ca.pem }, key: { file: key }, header: X-Key, timeout: 9s }
routes:
  - name: writing
    match: { agent: writer }
    to: { writer: 95, writer-next: 5 }
    retry: { attempts: 2, perTry: 2s, firstEvent: 3s, hedge: true }
    fallback: [old, far]
  - { name: gone, match: { agent: old } }
`);
    expect(lines.slice(0, lines.indexOf(""))).to.deep.equal([
      "~ agent far (mesh.yaml:7)",
      "    - instances by lease and at 127.0.0.1:5000",
      "    + instances by lease and by DNS far.internal:5000, sidecars; the same instance for a value of header x-id",
      "~ agent old (mesh.yaml:6)",
      "    - instances by lease",
      "    + instances by lease; the same instance for a subject; never leaves out an instance that fails",
      "~ agent writer (mesh.yaml:4)",
      "    - instances by lease",
      "    + instances by lease; calls far, writer-next; the same instance for a value of claim team; at most 8 calls at once an instance",
      "~ agent writer-next (mesh.yaml:5)",
      "    - instances by lease",
      "    + instances by lease; hidden; leaves out an instance after 3 failures for 10 s, at most 60 %",
      "+ egress openai (mesh.yaml:9)",
      "    api.openai.com:443, key from variable OPENAI_API_KEY in authorization, for old, writer",
      "+ egress inside (mesh.yaml:10)",
      "    [::1]:1, by ca.pem, key from key in x-key, for all agents, at most 9 s",
      "~ route writing (mesh.yaml:12)",
      "    + tried 2 times more on reset, slow or unavailable, each try at most 2 s, first event within 3 s, slow tries go on beside the next",
      "    + else old, then far",
    ]);
  });

  it("is told for issuers, budgets, prices and what the gateway allows, but not for their lines", () => {
    const policies = `mesh: demo
gateway: { https: { port: 8443 }, bounds: { body: 1MiB }, cors: { origins: [https://a.example.com] } }
identity: [{ issuer: corp, audiences: [a], keys: { url: https://corp.example.com/keys } }]
budgets: { team: { by: claim:team, tokens: 5000, per: day } }
prices: { writer: { input: 1.25, output: 10 } }
agents: { writer: {} }
routes:
  - name: writing
    match: { agent: writer }
    limits: [{ requests: 60, per: minute, by: subject }]
    budget: { of: team, reserve: 4000 }
`;
    expect(isSame(compare(policies, `# One line down.\n${policies}`))).to.equal(true);
    const after = policies
      .replace("1MiB", "2MiB")
      .replace("cors: { origins: [https://a.example.com] }", "clients: { ca: { file: ca.pem } }")
      .replace("audiences: [a]", "audiences: [a, b]")
      .replace("5000, per: day", "6000, per: day, within: all")
      .replace("team: {", "all: { by: mesh, money: 12.5, per: month }, team: {")
      .replace("output: 10", "output: 20")
      .replace("requests: 60", "requests: 70")
      .replace("reserve: 4000", "reserve: 5000");
    const lines = differenceLines(compare(policies, after), ["edge"], plainTerminal());
    expect(lines.slice(0, lines.indexOf(""))).to.deep.equal([
      "~ gateway, web pages that may call",
      "    - https://a.example.com",
      "    + none",
      "~ gateway, callers with certificates",
      "    - none",
      "    + by ca.pem",
      "~ gateway, bounds",
      "    - body 1MiB",
      "    + body 2MiB",
      "~ issuer corp (mesh.yaml:3)",
      "    - tokens for a, keys from https://corp.example.com/keys",
      "    + tokens for a or b, keys from https://corp.example.com/keys",
      "+ budget all (mesh.yaml:4)",
      "    12.5 in money per month for all together",
      "~ budget team (mesh.yaml:4)",
      "    - 5000 tokens per day for each value of claim team",
      "    + 6000 tokens per day for each value of claim team, within all",
      "~ price of writer (mesh.yaml:5)",
      "    - 1.25 for a million tokens read, 10 written",
      "    + 1.25 for a million tokens read, 20 written",
      "~ route writing (mesh.yaml:8)",
      "    - at most 60 calls per minute for each subject",
      "    + at most 70 calls per minute for each subject",
      "    - paid from team, 4000 tokens reserved, at least 100",
      "    + paid from team, 5000 tokens reserved, at least 100",
    ]);
  });

  it("says of bounds whether streams are cut: by those of the listener alone", () => {
    const told = (bounds: string): string | undefined =>
      differenceLines(
        compare(served, served.replace("8443 }", `8443 }, bounds: { ${bounds} }`)),
        ["edge"],
        plainTerminal(),
      ).find((line) => line.startsWith("The listener changes"));
    expect(told("body: 1MiB, path: 1KiB, headers: 16KiB")).to.equal(undefined);
    for (const each of [
      "headers: 128KiB",
      "connections: 5",
      "streams: 5",
      "calls: 5",
      "requestTime: 90s",
    ]) {
      expect(told(each), each).to.equal(
        "The listener changes: every stream that is open then is cut when the drain time ends.",
      );
    }
  });

  it("is told where shares stay the same by other weights", () => {
    const lines = linesOf(
      served.replace("writer: 95, writer-next: 5", "writer: 19, writer-next: 1"),
    );
    expect(lines[1]).to.equal("    the same shares, by other weights");
  });
});

function compare(before: string, after: string) {
  return compareMeshes(configOf(before), configOf(after));
}

function linesOf(after: string): readonly string[] {
  return differenceLines(compare(served, after), ["edge", "g2"], plainTerminal());
}

function configOf(text: string): MeshConfig {
  const parsed = parseMesh([{ name: "mesh.yaml", text }]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.config;
}
