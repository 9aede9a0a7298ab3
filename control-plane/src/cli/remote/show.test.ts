import { expect } from "chai";
import { terminal } from "../up/terminal.ts";
import type { NodesAnswer, TypeAnswer } from "./answers.ts";
import { plainTerminal } from "./rig.test.ts";
import { showAgents } from "./show-agents.ts";
import { showNodes } from "./show-nodes.ts";
import { spanOf, tableLines } from "./table.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const plain = plainTerminal();

describe("the table of gateways", () => {
  const synced: TypeAnswer = {
    state: "SYNCED",
    sentVersion: "aaaaaaaaaaaa",
    ackedVersion: "aaaaaaaaaaaa",
  };
  const stream = (types: Readonly<Record<string, TypeAnswer>>) => ({
    envoyVersion: "1.40.0",
    connectedSince: "2026-03-01T09:00:00Z",
    types,
  });

  it("has a row for each gateway and type, in the order in which types are sent", () => {
    const stale = { ...synced, state: "STALE", sentVersion: "bbbbbbbbbbbb", ageMs: 4_200 };
    const answer: NodesAnswer = {
      nodes: [
        { node: "edge", streams: [stream({ route: stale, cluster: synced })] },
        { node: "g2", streams: [stream({ secret: { state: "NOT SENT" } })] },
      ],
    };
    expect(showNodes(answer, now, plain)).to.deep.equal([
      "GATEWAY  TYPE      STATE     VERSION  AGE",
      "edge     clusters  SYNCED    aaaaaaa",
      "edge     routes    STALE     bbbbbbb  4s",
      "g2       secrets   NOT SENT  –",
      "",
      "edge (Envoy 1.40.0, connected for 3h)",
      "g2 (Envoy 1.40.0, connected for 3h)",
    ]);
  });

  it("says what a gateway refuses: the resource, its line, Envoy's words, what it goes on with", () => {
    const nacked: TypeAnswer = {
      state: "NACKED",
      sentVersion: "cccccccccccc",
      ackedVersion: "aaaaaaaaaaaa",
      lastError: {
        message: "Bad \u001b[2Jregex",
        version: "cccccccccccc",
        at: "2026-03-01T11:59:30Z",
        resources: [{ name: "edge", origin: { file: "mesh.yaml", line: 12, column: 5 } }],
      },
    };
    const answer = { nodes: [{ node: "g2", streams: [stream({ route: nacked })] }] };
    const lines = showNodes(answer, now, plain);
    expect(lines[1]).to.equal("g2       routes  NACKED  ccccccc  30s");
    expect(lines.slice(-3)).to.deep.equal([
      "g2 refuses ccccccc of its routes, and goes on with aaaaaaa:",
      "  edge (mesh.yaml:12:5)",
      "  Envoy says: Bad ·[2Jregex",
    ]);
  });

  it("says that the file is refused and an older one served, since when, and why", () => {
    const problem = "mesh.yaml:2:3 error SC201 Unknown key `x`.\n   2 |   x: 1";
    const mesh = {
      served: { hash: "dddddddddddd", since: "2026-03-01T10:00:00Z" },
      refused: { since: "2026-03-01T11:58:00Z", problems: [problem] },
    };
    expect(showNodes({ nodes: [], mesh }, now, plain)).to.deep.equal([
      "No gateway is connected.",
      "",
      "mesh.yaml as it stands is refused for 2m, and an older one is served, ddddddd for 2h:",
      "  mesh.yaml:2:3 error SC201 Unknown key `x`.",
      "     2 |   x: 1",
    ]);
    expect(showNodes({ nodes: [], mesh: { served: mesh.served } }, now, plain)).to.have.length(1);
  });

  it("says of each gateway how much of what was revoked does not hold there", () => {
    const since = "2026-03-01T11:59:53Z";
    const gone = (node: string, revocations: number) => ({
      node,
      streams: [],
      cutOff: { since, revocations },
    });
    const answer: NodesAnswer = {
      nodes: [
        { node: "g1", streams: [stream({})] },
        { node: "g2", streams: [stream({})], revocationsMissed: 1 },
        gone("g3", 2),
        gone("g4", 0),
      ],
    };
    const lines = showNodes(answer, now, plain).filter((line) => /revo|CUT OFF/.test(line));
    expect(lines).to.deep.equal([
      "g2 is behind: 1 revocation does NOT hold there.",
      `g3 is CUT OFF for 7s (since ${since}): it serves what it had.`,
      "  2 revocations do NOT hold there. If it will not come back: smartcall nodes --forget g3",
      `g4 is CUT OFF for 7s (since ${since}): it serves what it had.`,
      "  all that was revoked is refused there. If it will not come back: smartcall nodes --forget g4",
    ]);
  });

  it("names several suspects, but not all of very many", () => {
    const resources = Array.from({ length: 9 }, (_, index) => ({ name: `r${index}` }));
    const lastError = { message: "no", version: "c", at: "2026-03-01T12:00:00Z", resources };
    const answer = {
      nodes: [{ node: "g", streams: [stream({ x: { state: "NACKED", lastError } })] }],
    };
    const lines = showNodes(answer, now, plain);
    expect(lines).to.include("  one of r0, r1, r2, r3, r4, 4 more");
    expect(lines).to.include("g refuses c of its x, and has none to go on with:");
  });

  it("tells two connections of one gateway apart, and says where there is none", () => {
    const streams = [stream({ route: synced }), stream({ route: synced })];
    expect(showNodes({ nodes: [{ node: "g", streams }] }, now, plain)[2]).to.match(/^g #2 /);
    expect(showNodes({ nodes: [] }, now, plain)).to.deep.equal(["No gateway is connected."]);
  });
});

describe("the table of agents", () => {
  it("has a row for each instance, each address that is written, and each agent without", () => {
    const agents = [
      {
        agent: "echo",
        instance: "echo-1",
        address: "127.0.0.1:4000",
        healthy: false,
        version: "1.2.0",
        zone: "",
        lease: "lost",
        since: "2026-03-01T11:58:30Z",
        labels: { rack: "7" },
        running: 3,
        waiting: 1,
      },
    ];
    const listed = [
      { agent: "poet", addresses: [], calls: ["echo", "writer"], hidden: false },
      { agent: "echo", addresses: [], calls: [], hidden: true },
      {
        agent: "writer",
        addresses: [{ from: "static", address: "10.0.0.5:50051" }],
        calls: [],
        hidden: false,
      },
    ];
    expect(showAgents({ agents, listed }, now, plain)).to.deep.equal([
      "AGENT   INSTANCE     ADDRESS         VERSION  ZONE  HEALTH    LEASE  SINCE  CALLS      LABELS",
      "echo    echo-1       127.0.0.1:4000  1.2.0    –     no calls  lost   90s    3, 1 wait  rack=7",
      "poet    no instance",
      "writer  (static)     10.0.0.5:50051",
      "",
      "echo is hidden: only other agents reach it.",
      "poet calls echo, writer.",
    ]);
    expect(showAgents({ agents: [], listed: [] }, now, plain)).to.deep.equal([
      "The mesh lists no agent.",
    ]);
  });
});

describe("a table", () => {
  it("is as wide painted as plain", () => {
    const paint = (text: string): string => `<${text}>`;
    expect(tableLines([[{ text: "a", paint }, { text: "b" }], [{ text: "long" }]])).to.deep.equal([
      "<a>     b",
      "long",
    ]);
  });

  it("has colours only where a person looks", () => {
    const { red } = terminal(process.stdout, { NO_COLOR: "1" });
    expect(red("NACKED")).to.equal("NACKED");
  });

  it("tells time as a person does", () => {
    const told = [-5, 999, 90_000, 120_000, 7_199_999, 86_400_000, 400_000_000].map(spanOf);
    expect(told).to.deep.equal(["0ms", "999ms", "90s", "2m", "119m", "24h", "4d"]);
  });
});
