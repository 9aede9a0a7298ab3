import { once } from "node:events";
import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import { invokeGrpc, saying, streamGrpc } from "../harness/grpc.ts";
import { freePorts } from "../harness/ports.ts";
import { asking, callRest, openRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type RecordingQuota, startRecordingQuota } from "./recording-quota.ts";
import { type SpendingAgent, startSpendingAgent } from "./spending-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const mesh = `
mesh: edge-test
agents:
  writer: { instances: { static: [$one] } }
  both: { instances: { static: [$one] } }
  next: { instances: { static: [$other] } }
  open: { instances: { static: [$one] } }
  plain: { instances: { static: [$one] } }
  gone: { instances: { static: [$nobody] } }
  none: {}
  tried: { instances: { static: [$nobody, $one] } }
  tiers: { instances: { static: [$one] } }
budgets:
  team: { by: "claim:team", tokens: 10000, per: day, within: org }
  org: { by: "claim:org", tokens: 100000, per: month }
routes:
  - name: writing
    match: { agent: writer }
    limits:
      - { concurrent: 4, by: subject }
      - { requests: 1000, per: hour, by: address }
      - { requests: 1000, per: second, by: "claim:fast" }
    budget: { of: team, reserve: 400 }
    timeout: 2s
  - name: both
    match: { agent: both }
    to: { next: 1, writer: 1 }
    budget: { of: team, reserve: 400 }
  - name: open
    match: { agent: open }
    budget: { of: team, reserve: 400, unavailable: allow }
  - name: gone
    match: { agent: gone }
    budget: { of: team, reserve: 400 }
  - name: none
    match: { agent: none }
    budget: { of: team, reserve: 400 }
  - name: tried
    match: { agent: tried }
    budget: { of: team, reserve: 400 }
  - name: tiers
    match: { agent: tiers }
  - name: tiers-gold
    match: { agent: tiers, claims: { plan: gold } }
    budget: { of: team, reserve: 400 }
`;

describe("A route with a budget", () => {
  let gateway: TestGateway;
  let quota: RecordingQuota;
  let one: SpendingAgent;
  let other: SpendingAgent;
  before(async () => {
    quota = await startRecordingQuota();
    one = await startSpendingAgent();
    other = await startSpendingAgent();
    const [nobody = 0] = await freePorts(1);
    const written = await writtenMesh(mesh, { one: one.port, other: other.port, nobody });
    gateway = await startGateway((parts) => ({ ...written(parts), quota: [quota.address] }));
  });
  after(async () => {
    await gateway?.stop();
    for (const each of [quota, one, other]) each?.stop();
  });
  beforeEach(() => Object.assign(quota, { answer: "grant", grant: 1_000 }));

  const claims = { team: "red", org: "acme" };
  const invoke = (
    text: unknown,
    more: {
      readonly agent?: string;
      readonly method?: string;
      readonly claims?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<RestReply> =>
    callRest(gateway, {
      path: `/v1/agents/${more.agent ?? "writer"}:${more.method ?? "invoke"}`,
      token: gateway.token({ claims: more.claims ?? claims }),
      body: typeof text === "string" && !text.startsWith("{") ? asking(text) : text,
      headers: more.headers ?? {},
    });

  it("asks before a call runs for all that counts it, and tells its end", async () => {
    const { status: http } = await invoke("used input=12;output=8");
    expect(http).to.equal(200);
    expect(await quota.lastUsage()).to.equal("input=12;output=8");
    const [begin, end] = quota.asked.slice(-2);
    expect(begin?.keys).to.deep.equal([
      "phase",
      "route",
      "id",
      "masked_remote_address",
      "by:claim:org",
      "by:claim:team",
      "by:subject",
    ]);
    expect(begin?.entries).to.deep.include({
      phase: "reserve",
      route: "writing",
      masked_remote_address: "127.0.0.1/32",
      "by:claim:org": "acme",
      "by:claim:team": "red",
      "by:subject": "me",
    });
    expect(end?.keys).to.deep.equal(["phase", "id", "usage"]);
    expect(one.seen.at(-1)?.get("x-request-id")).to.deep.equal([begin?.entries["id"]]);
  });

  it("tells nothing of claims that a caller lacks", async () => {
    await invoke("used input=1;output=1", { claims: {} });
    await quota.lastUsage();
    const begin = quota.asked.findLast(({ entries }) => entries["phase"] === "reserve");
    expect(begin?.keys).to.deep.equal([
      "phase",
      "route",
      "id",
      "masked_remote_address",
      "by:subject",
    ]);
  });

  it("gives the agent the grant, and none that a client makes up", async () => {
    quota.grant = 77;
    const headers = { "smartcall-grant": "1000000", "smartcall-quota": "counted" };
    const reply = await invoke("hello", { headers });
    expect(one.seen.at(-1)?.get("smartcall-grant")).to.deep.equal(["77"]);
    expect(one.seen.at(-1)?.get("smartcall-quota")).to.deep.equal([]);
    expect(reply.headers).to.not.have.any.keys("smartcall-quota", "smartcall-reached");
  });

  it("is told the usage of answers and of failures, whole and streamed, by every door", async () => {
    const told: Record<string, string | undefined> = {};
    for (const verb of ["used", "failed"]) {
      for (const method of ["invoke", "stream"]) {
        await invoke(`${verb} input=3;output=4`, { method });
        told[`${verb} ${method}`] = await quota.lastUsage();
      }
      const call = {
        agent: "writer",
        token: gateway.token({ claims }),
        request: saying(`${verb} input=5;output=6`),
      };
      await invokeGrpc(gateway, call);
      told[`${verb} gRPC invoke`] = await quota.lastUsage();
      await streamGrpc(gateway, call);
      told[`${verb} gRPC stream`] = await quota.lastUsage();
    }
    const all = (rest: string, grpc: string) => (verb: string) => ({
      [`${verb} invoke`]: rest,
      [`${verb} stream`]: rest,
      [`${verb} gRPC invoke`]: grpc,
      [`${verb} gRPC stream`]: grpc,
    });
    const expected = all("input=3;output=4", "input=5;output=6");
    expect(told).to.deep.equal({ ...expected("used"), ...expected("failed") });
  });

  it("charges nothing for a call that never reached an agent", async () => {
    const told: Record<string, string | undefined> = {};
    const told503 = async (agent: string) => {
      expect((await invoke("hello", { agent })).status).to.equal(503);
      told[agent] = await quota.lastUsage();
    };
    expect((await invoke('{"messages": [')).status).to.equal(400);
    told["bad JSON"] = await quota.lastUsage();
    expect((await invoke({ messages: "no list" })).status).to.equal(400);
    told["wrong type"] = await quota.lastUsage();
    const headers = { "x-request-timeout-ms": "soon" };
    expect((await invoke("hello", { headers })).status).to.equal(400);
    told["no deadline"] = await quota.lastUsage();
    await told503("none");
    await told503("gone");
    const grpc = await invokeGrpc(gateway, {
      agent: "gone",
      token: gateway.token({ claims }),
      request: saying("hello"),
    });
    expect(grpc.ok ? undefined : grpc.error.code).to.equal(status.UNAVAILABLE);
    told["gone by gRPC"] = await quota.lastUsage();
    expect(new Set(Object.values(told)), JSON.stringify(told)).to.deep.equal(new Set(["unsent"]));
  });

  it("neither asks for a request that is too large nor keeps its caller waiting", async () => {
    const { length } = quota.asked;
    const large = Array.from({ length: 15 }, () => invoke("x".repeat(5_000_000)));
    for (const { status: http } of await Promise.all(large)) expect(http).to.equal(413);
    expect(quota.asked).to.have.length(length);
  });

  it("does not ask for calls that may not be made", async () => {
    const before = quota.asked.length;
    const path = "/v1/agents/writer:invoke";
    expect((await callRest(gateway, { path, body: asking("hello") })).status).to.equal(401);
    const token = gateway.token({ scopes: ["other"] });
    expect((await callRest(gateway, { path, token, body: asking("hello") })).status).to.equal(403);
    expect((await invoke("hello", { agent: "plain" })).status).to.equal(200);
    expect(quota.asked).to.have.length(before);
  });

  it("says that nobody knows what a call used whose end nobody saw", async () => {
    const left = new AbortController();
    const stream = await openRest(gateway, {
      path: "/v1/agents/writer:stream",
      token: gateway.token({ claims }),
      body: asking("hang"),
      signal: left.signal,
    });
    stream.on("error", () => undefined);
    await once(stream, "data");
    left.abort();
    expect(await quota.lastUsage()).to.equal("none");
    expect((await invoke("hang")).status).to.equal(504);
    expect(await quota.lastUsage()).to.equal("none");
    expect((await invoke("hello")).status).to.equal(200);
    expect(await quota.lastUsage()).to.equal("none");
    for (const lie of ["input=1", "input=-1;output=2", "input=1;output=2;agent=plain", "unsent"]) {
      await invoke(`used ${lie}`);
      expect(await quota.lastUsage(), lie).to.equal("none");
    }
  });

  it("is told which of several agents answered", async () => {
    const told = new Set<string | undefined>();
    for (let call = 0; call < 20 && told.size < 2; call++) {
      await invoke("used input=1;output=2", { agent: "both" });
      told.add(await quota.lastUsage());
    }
    expect([...told].sort()).to.deep.equal([
      "input=1;output=2;agent=next",
      "input=1;output=2;agent=writer",
    ]);
  });

  it("charges a call once that was tried again, with what the agent said that answered", async () => {
    for (let call = 0; call < 4; call++) {
      const before = quota.asked.length;
      await invoke("used input=1;output=2", { agent: "tried" });
      expect(await quota.lastUsage()).to.equal("input=1;output=2");
      expect(quota.asked).to.have.length(before + 2);
    }
    // One of the tries reached an agent, which may have used anything.
    await invoke("unavailable", { agent: "tried" });
    expect(await quota.lastUsage()).to.equal("none");
  });

  it("counts calls whose route was known by their claims alone", async () => {
    const before = quota.asked.length;
    await invoke("used input=1;output=2", { agent: "tiers" });
    expect(quota.asked).to.have.length(before);
    await invoke("used input=1;output=2", { agent: "tiers", claims: { ...claims, plan: "gold" } });
    expect(await quota.lastUsage()).to.equal("input=1;output=2");
  });

  it("refuses what the service refuses, and says why to every door", async () => {
    quota.answer = "refuse";
    const seen = one.seen.length;
    const reply = await invoke("hello");
    expect(reply.status).to.equal(429);
    expect(reply.headers).to.include({ "smartcall-rule": "team", "retry-after": "60" });
    expect(reply.text).to.contain("BUDGET_SPENT");
    const grpc = await invokeGrpc(gateway, {
      agent: "writer",
      token: gateway.token({ claims }),
      request: saying("hello"),
    });
    const error = grpc.ok ? undefined : grpc.error;
    expect(error?.code).to.equal(status.RESOURCE_EXHAUSTED);
    expect(error?.metadata.get("smartcall-rule")).to.deep.equal(["team"]);
    expect(one.seen).to.have.length(seen);
  });

  it("refuses calls while the service does not answer, or lets them pass and says so", async () => {
    quota.answer = "fail";
    const refused = await invoke("hello");
    expect(refused.status).to.equal(503);
    expect(refused.text).to.contain("QUOTA_UNAVAILABLE");
    expect(refused.headers).to.include.keys("retry-after");
    for (const method of ["invoke", "stream"]) {
      const reply = await invoke("hello", { agent: "open", method });
      expect(reply.status).to.equal(200);
      expect(reply.headers).to.include({ "smartcall-quota": "unavailable" });
      expect(one.seen.at(-1)?.get("smartcall-grant")).to.deep.equal([]);
    }
    expect(gateway.refused).to.deep.equal([]);
  });
});
