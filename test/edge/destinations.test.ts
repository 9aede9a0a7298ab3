import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerCredentials } from "@grpc/grpc-js";
import {
  type FollowedAddresses,
  followAddresses,
  resolveHost,
} from "@smartcall/control-plane/dist/source/addresses/index.js";
import { openAuthority, openDirectoryState } from "@smartcall/control-plane/dist/state/index.js";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { textAt } from "../harness/json.ts";
import { freePorts } from "../harness/ports.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { type BreakingAgent, startBreakingAgent } from "./breaking-agent.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const mesh = `
mesh: edge-test
agents:
  writer: { instances: { static: [$one] } }
  writer-next: { instances: { static: [$two] } }
  editor: { ejection: never, instances: { static: [$one, $flaky, $nobody] } }
  fragile: { ejection: never, instances: { static: [$one, $breaking] } }
  poet: { instances: { dns: "localhost:$three" } }
  painter: { instances: { static: [$secure], tls: { ca: { file: ca.pem }, name: painter.internal } } }
  forger: { instances: { static: [$secure], tls: { ca: { file: ca.pem }, name: forger.internal } } }
  by-address: { instances: { static: [$secure], tls: { ca: { file: ca.pem } } } }
  elsewhere: { instances: { static: [$secure], tls: { ca: { file: other-ca.pem }, name: painter.internal } } }
  by-team: {}
  by-chance: {}
  bold: {}
  brave: {}
  timid: {}
routes:
  - { name: subject, match: { agent: writer }, to: { writer: 1, writer-next: 1 }, sticky: subject }
  - { name: team, match: { agent: by-team }, to: { writer: 3, writer-next: 1 }, sticky: "claim:Team" }
  - { name: chance, match: { agent: by-chance }, to: { writer: 3, writer-next: 1 } }
  - name: streams
    match: { agent: writer-next, path: "/v1/agents/writer-next:stream" }
    to: writer
  - name: over-grpc
    match: { agent: writer-next, path: "/smartcall.v1.AgentService/*" }
  - name: bold
    match: { agent: bold }
    to: editor
    retry: { attempts: 3, on: [unavailable] }
  - { name: brave, match: { agent: brave }, to: fragile, retry: { attempts: 3, on: [reset] } }
  - { name: timid, match: { agent: timid }, to: editor }
`;

describe("The edge sends a call", () => {
  let gateway: TestGateway;
  let folder: string;
  let followed: FollowedAddresses;
  let breaking: BreakingAgent;
  const agents = new Map<string, ObedientAgent>();
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-destinations-"));
    const secure = await serverIdentity(folder);
    for (const name of ["one", "two", "three"]) agents.set(name, await startObedientAgent());
    agents.set("flaky", await startObedientAgent({ always: "fail 14" }));
    agents.set("secure", await startObedientAgent({ credentials: secure }));
    const ports = Object.fromEntries([...agents].map(([name, { port }]) => [name, port]));
    const [nobody = 0] = await freePorts(1);
    breaking = await startBreakingAgent();
    const text = mesh.replace("localhost:$three", `localhost:${ports["three"]}`);
    followed = followAddresses({
      clock: systemClock,
      resolve: resolveHost,
      change: () => undefined,
      say: () => undefined,
    });
    const poet = { host: "localhost", port: ports["three"] ?? 0, reach: "plain" } as const;
    await followed.follow([poet]);
    const describe = await writtenMesh(
      text,
      { ...ports, nobody, breaking: breaking.port },
      {
        path: join(folder, "mesh.yaml"),
        instances: () => followed.instances(new Map([["poet", poet]])),
      },
    );
    gateway = await startGateway(describe);
  });
  after(async () => {
    followed.close();
    await gateway.stop();
    for (const agent of agents.values()) agent.stop();
    breaking.stop();
    await rm(folder, { recursive: true });
  });

  const connections = new Agent({ keepAlive: true, maxSockets: 8 });
  after(() => connections.destroy());
  const call = (
    agent: string,
    options: {
      readonly subject?: string;
      readonly claims?: Readonly<Record<string, unknown>>;
      readonly method?: string;
    } = {},
  ): Promise<RestReply> =>
    callRest(gateway, {
      path: `/v1/agents/${agent}:${options.method ?? "invoke"}`,
      token: gateway.token({
        claims: options.claims ?? {},
        ...(options.subject !== undefined && { subject: options.subject }),
      }),
      body: asking("hello"),
      agent: connections,
    });
  /** How many calls each agent got meanwhile. */
  const counting = async (work: () => Promise<void>): Promise<Readonly<Record<string, number>>> => {
    const before = new Map([...agents].map(([name, { seen }]) => [name, seen.length]));
    await work();
    return Object.fromEntries(
      [...agents].flatMap(([name, { seen }]) => {
        const count = seen.length - (before.get(name) ?? 0);
        return count === 0 ? [] : [[name, count]];
      }),
    );
  };
  const times = async (
    count: number,
    each: (index: number) => Promise<RestReply>,
  ): Promise<void> => {
    const replies = await Promise.all(Array.from({ length: count }, (_, index) => each(index)));
    for (const reply of replies) expect(reply.status, reply.text).to.equal(200);
  };

  it("by weight, within what chance allows", async () => {
    const counts = await counting(() => times(400, () => call("by-chance")));
    expect(counts["one"]).to.be.within(250, 350);
    expect((counts["one"] ?? 0) + (counts["two"] ?? 0)).to.equal(400);
  });

  it("of one subject always to the same version, and of many to all", async () => {
    const firsts: string[] = [];
    for (let subject = 0; subject < 12; subject++) {
      const counts = await counting(() =>
        times(6, () => call("writer", { subject: `person-${subject}` })),
      );
      expect(Object.values(counts), JSON.stringify(counts)).to.deep.equal([6]);
      firsts.push(...Object.keys(counts));
    }
    expect(new Set(firsts)).to.deep.equal(new Set(["one", "two"]));
  });

  it("of one claim's value to the same version, by its share, and without it to any", async () => {
    const counts = await counting(async () => {
      for (let team = 0; team < 60; team++) {
        const claims = { Team: `team-${team}` };
        const met = await counting(() => times(2, () => call("by-team", { claims })));
        expect(Object.values(met)).to.deep.equal([2]);
      }
    });
    expect((counts["one"] ?? 0) / 2).to.be.within(33, 56);
    const without = await counting(() => times(60, () => call("by-team")));
    expect(without).to.have.all.keys("one", "two");
  });

  it("without the claims that made it sticky", async () => {
    await call("by-team", { claims: { Team: "red" } });
    const seen = [...agents.values()].flatMap((agent) => agent.seen);
    const keys = new Set(seen.flatMap((metadata) => Object.keys(metadata.getMap())));
    expect([...keys].filter((key) => key.startsWith("smartcall-sticky"))).to.deep.equal([]);
    expect([...keys]).to.include("smartcall-agent");
  });

  it("by its path, and refuses those that no route of the agent has", async () => {
    const streams = await counting(async () => {
      await call("writer-next", { method: "stream" });
    });
    expect(streams).to.deep.equal({ one: 1 });
    const refused = await call("writer-next");
    expect(refused.status).to.equal(403);
    expect(textAt(refused.json, "error", "details", 0, "reason")).to.equal("NO_ROUTE");
  });

  it("again to another instance where one is UNAVAILABLE, if its route says so", async () => {
    const counts = await counting(() => times(30, () => call("bold")));
    expect(counts["one"]).to.equal(30);
    expect(counts["flaky"]).to.be.greaterThan(0);
  });

  it("again where the connection to an instance breaks, if its route says so", async () => {
    const counts = await counting(() => times(20, () => call("brave")));
    expect(counts).to.deep.equal({ one: 20 });
    expect(breaking.broken()).to.be.greaterThan(0);
    const replies = await Promise.all(Array.from({ length: 20 }, () => call("fragile")));
    expect(replies.some(({ status }) => status === 503)).to.equal(true);
  });

  it("again where no instance took it, and no other time", async () => {
    const replies = await Promise.all(Array.from({ length: 30 }, () => call("timid")));
    const statuses = new Map<number, number>();
    for (const { status } of replies) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    // A third of them met nobody first, and was then answered by one of the others.
    expect([...statuses.keys()].sort()).to.deep.equal([200, 503]);
    const message = replies.find(({ status }) => status === 503)?.json;
    expect(textAt(message, "error", "message")).to.equal('It is "full".');
  });

  it("to the addresses behind a name", async () => {
    expect(await counting(() => times(3, () => call("poet")))).to.deep.equal({ three: 3 });
  });

  it("over TLS to an instance that proves its name or address, and to no other", async () => {
    for (const agent of ["painter", "by-address"]) {
      expect(await counting(() => times(3, () => call(agent)))).to.deep.equal({ secure: 3 });
    }
    for (const agent of ["forger", "elsewhere"]) {
      const reply = await call(agent);
      expect(reply.status, agent).to.equal(503);
      expect(textAt(reply.json, "error", "status")).to.equal("UNAVAILABLE");
    }
    expect(gateway.refused).to.deep.equal([]);
  });
});

/** A certificate for an agent, its authority in `ca.pem`, and another authority beside it. */
async function serverIdentity(folder: string): Promise<ServerCredentials> {
  const made = await Promise.all(["one", "other"].map((name) => authorityIn(join(folder, name))));
  const [authority, other] = made;
  if (authority === undefined || other === undefined) throw new Error("no authority");
  await writeFile(join(folder, "ca.pem"), authority.certificate);
  await writeFile(join(folder, "other-ca.pem"), other.certificate);
  const { certificate, privateKey } = await authority.issueServerIdentity({
    commonName: "painter",
    names: [
      { type: "dns", value: "painter.internal" },
      { type: "ip", value: "127.0.0.1" },
    ],
    validFrom: new Date(Date.now() - 60_000),
    validUntil: new Date(Date.now() + 3_600_000),
  });
  const pair = { cert_chain: Buffer.from(certificate), private_key: Buffer.from(privateKey) };
  return ServerCredentials.createSsl(null, [pair]);
}

async function authorityIn(folder: string) {
  const report = (problem: { readonly message: string }): never => {
    throw new Error(problem.message);
  };
  const state = await openDirectoryState(folder);
  if (!state.ok) throw new Error(state.problem.message);
  const now = new Date();
  const authority = await openAuthority(state.value, { mesh: "demo", now, report });
  if (!authority.ok) throw new Error(authority.problem.message);
  return authority.value;
}
