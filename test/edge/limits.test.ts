import type { Mesh } from "@smartcall/control-plane/dist/model/mesh.js";
import { expect } from "chai";
import { detailOf } from "../harness/error-details.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { invokeGrpc, saying } from "../harness/grpc.ts";
import { textAt } from "../harness/json.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import type { MeshParts } from "./mesh-of.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const agents = `
mesh: edge-test
agents:
  writer: { instances: { static: [$agent] } }
  editor: { instances: { static: [$agent] } }
  failing: { instances: { static: [$failing, $agent] } }
  by-team: {}
  by-address: {}
  together: {}
  several: {}
  by-plan: {}
  shared: {}
  free: {}
routes:
`;

const routes = {
  writing: `{ match: { agent: writer }, limits: [{ requests: 3, per: minute, by: subject }] }`,
  editing: `{ match: { agent: editor }, limits: [{ requests: 2, per: minute, by: subject }] }`,
  "by-team": `{ match: { agent: by-team }, to: writer, limits: [{ requests: 2, per: minute, by: "claim:team" }] }`,
  "by-address": `{ match: { agent: by-address }, to: writer, public: true, limits: [{ requests: 2, per: minute, by: address }] }`,
  together: `{ match: { agent: together }, to: writer, limits: [{ requests: 4, per: minute, by: route }] }`,
  several: `{ match: { agent: several }, to: { writer: 1, editor: 1 }, limits: [
    { requests: 5, per: minute, by: route },
    { requests: 3, per: minute, by: subject },
    { requests: 100, per: second, by: subject } ] }`,
  gold: `{ match: { agent: by-plan, claims: { plan: [gold] } }, to: writer, limits: [{ requests: 4, per: minute, by: subject }] }`,
  others: `{ match: { agent: by-plan }, to: writer, limits: [{ requests: 1, per: minute, by: subject }] }`,
  "many-left": `{ match: { agent: shared }, to: failing, retry: { attempts: 3, on: [unavailable] }, limits: [{ requests: 3, per: minute, by: subject }] }`,
  free: `{ match: { agent: free }, to: writer }`,
};

type Routes = Readonly<Record<string, string>>;

describe("A limit of a route", () => {
  let gateway: TestGateway;
  let agent: ObedientAgent;
  let failing: ObedientAgent;
  let described: (parts: MeshParts) => Mesh;
  before(async () => {
    agent = await startObedientAgent();
    failing = await startObedientAgent({ always: "fail 14" });
    described = await written(routes);
    gateway = await startGateway((parts) => described(parts));
  });
  after(async () => {
    await gateway.stop();
    agent.stop();
    failing.stop();
  });
  const written = (all: Routes): Promise<(parts: MeshParts) => Mesh> => {
    const lines = Object.entries(all).map(
      ([name, text]) => `  - ${text.replace("{", `{ name: ${name},`)}\n`,
    );
    return writtenMesh(agents + lines.join(""), { agent: agent.port, failing: failing.port });
  };
  const save = async (all: Routes): Promise<void> => {
    described = await written(all);
    await gateway.publish([]);
  };
  const call = (
    name: string,
    options: {
      readonly subject?: string;
      readonly claims?: Readonly<Record<string, unknown>>;
      readonly saying?: string;
    } = {},
  ): Promise<RestReply> =>
    callRest(gateway, {
      path: `/v1/agents/${name}:invoke`,
      token: gateway.token(options),
      body: asking(options.saying ?? "hello"),
    });
  /** The statuses of so many calls, one after the other. */
  const statuses = async (count: number, one: () => Promise<RestReply>): Promise<number[]> => {
    const found: number[] = [];
    for (let index = 0; index < count; index++) found.push((await one()).status);
    return found;
  };

  it("lets each subject make so many calls, and tells on each answer what is left", async () => {
    const left: unknown[] = [];
    for (let index = 0; index < 3; index++) {
      const { headers, status, text } = await call("writer", { subject: "ann" });
      expect(status, text).to.equal(200);
      expect(headers["x-ratelimit-limit"]).to.equal("3");
      expect(Number(headers["x-ratelimit-reset"])).to.be.within(1, 60);
      left.push(headers["x-ratelimit-remaining"]);
    }
    expect(left).to.deep.equal(["2", "1", "0"]);
    const refused = await call("writer", { subject: "ann" });
    expectRefusal(refused, 429, "RESOURCE_EXHAUSTED", "RATE_LIMITED");
    const { headers } = refused;
    expect(headers["x-ratelimit-limit"]).to.equal("3");
    expect(headers["x-ratelimit-remaining"]).to.equal("0");
    expect(Number(headers["x-ratelimit-reset"])).to.be.within(50, 60);
    // One of three is there again after a third of a minute.
    expect(Number(headers["retry-after"])).to.be.within(10, 20);
    expect(headers["smartcall-rule"]).to.equal("writing:3/minute/subject");
    const info = detailOf(refused, "ErrorInfo");
    expect(textAt(info, "metadata", "rule")).to.equal("writing:3/minute/subject");
    const retry = textAt(detailOf(refused, "RetryInfo"), "retryDelay");
    expect(retry).to.equal(`${headers["retry-after"]}s`);
    const { status } = await call("writer", { subject: "bob" });
    expect(status, "another subject").to.equal(200);
  });

  it("is the same through every door, and refuses a gRPC caller in its own words", async () => {
    const token = gateway.token({ subject: "grace" });
    const grpc = () => invokeGrpc(gateway, { agent: "writer", token, request: saying("hello") });
    expect(await statuses(2, () => call("writer", { subject: "grace" }))).to.deep.equal([200, 200]);
    expect((await grpc()).ok).to.equal(true);
    const refused = await grpc();
    if (refused.ok) return expect.fail("it was not refused");
    const { error } = refused;
    expect(error.code).to.equal(8);
    expect(error.metadata.get("smartcall-rule")).to.deep.equal(["writing:3/minute/subject"]);
    expect(Number(error.metadata.get("retry-after")[0])).to.be.within(10, 20);
    expect(error.metadata.get("x-ratelimit-remaining")).to.deep.equal(["0"]);
    expect(error.metadata.get("x-request-id")[0]).to.match(/^[0-9a-f-]{36}$/);
  });

  it("counts on over a save that does not change it", async () => {
    const one = () => call("writer", { subject: "carl" });
    const other = () => call("editor", { subject: "carl" });
    expect(await statuses(4, one)).to.deep.equal([200, 200, 200, 429]);
    expect(await statuses(3, other)).to.deep.equal([200, 200, 429]);
    const editing = routes.editing.replace("requests: 2", "requests: 5");
    await save({ ...routes, editing, free: `{ match: { agent: free }, to: editor, timeout: 5s }` });
    expect((await one()).status).to.equal(429);
    expect((await other()).headers["x-ratelimit-limit"], "the other has changed").to.equal("5");
    await save({ editing });
    await save(routes);
    expect((await one()).status, "it was away for a moment").to.equal(429);
    expect(await gateway.stat("listener_manager.listener_modified")).to.equal(0);
  });

  it("counts by a claim, whatever its type, and those without it as one", async () => {
    const by = (claims: Readonly<Record<string, unknown>>, subject: string) => () =>
      call("by-team", { claims, subject });
    const kinds: readonly unknown[] = ["red", "", 7, true, ["a", "b"], { a: 1 }, null];
    for (const team of kinds) {
      const first = await statuses(2, by({ team }, "ann"));
      const second = await statuses(1, by({ team }, "bob"));
      expect([...first, ...second], JSON.stringify(team)).to.deep.equal([200, 200, 429]);
    }
    expect(await statuses(2, by({}, "ann"))).to.deep.equal([200, 200]);
    expect(await statuses(1, by({}, "bob"))).to.deep.equal([429]);
    expect(await statuses(1, by({ team: "blue" }, "bob"))).to.deep.equal([200]);
  });

  it("counts by address where nobody shows a token", async () => {
    const one = () =>
      callRest(gateway, { path: "/v1/agents/by-address:invoke", body: asking("hello") });
    expect(await statuses(3, one)).to.deep.equal([200, 200, 429]);
  });

  it("counts all of a route together", async () => {
    const subjects = ["ann", "bob", "carl", "dora", "emil"];
    const found = await Promise.all(subjects.map((subject) => call("together", { subject })));
    const sorted = found.map(({ status }) => status).sort();
    expect(sorted).to.deep.equal([200, 200, 200, 200, 429]);
  });

  it("is the strictest of several, and names itself", async () => {
    const first = await call("several", { subject: "ann" });
    expect(first.headers["x-ratelimit-limit"]).to.equal("3");
    expect(first.headers["x-ratelimit-remaining"]).to.equal("2");
    await statuses(2, () => call("several", { subject: "ann" }));
    const ofSubject = await call("several", { subject: "ann" });
    expect(ofSubject.status).to.equal(429);
    expect(ofSubject.headers["smartcall-rule"]).to.equal("several:3/minute/subject");
    // The route has counted three calls, and perhaps the one that was refused.
    await statuses(2, () => call("several", { subject: "bob" }));
    const ofRoute = await call("several", { subject: "bob" });
    expect(ofRoute.headers["smartcall-rule"]).to.equal("several:5/minute/route");
    expect(ofRoute.headers["x-ratelimit-limit"]).to.equal("5");
  });

  it("is that of the route that a caller's claims lead to", async () => {
    const gold = () => call("by-plan", { subject: "ann", claims: { plan: "gold" } });
    expect(await statuses(5, gold)).to.deep.equal([200, 200, 200, 200, 429]);
    const other = () => call("by-plan", { subject: "ann" });
    expect(await statuses(2, other)).to.deep.equal([200, 429]);
  });

  it("counts a call once, however often it is tried again", async () => {
    const one = () => call("shared", { subject: "ann" });
    expect(await statuses(4, one)).to.deep.equal([200, 200, 200, 429]);
  });

  it("counts none that were refused before, and tells of itself when an agent fails", async () => {
    const path = "/v1/agents/writer:invoke";
    const scopeless = gateway.token({ subject: "fred", scopes: ["other"] });
    for (let index = 0; index < 5; index++) {
      const refused = await callRest(gateway, { path, token: scopeless, body: asking("hello") });
      expect(refused.status).to.equal(403);
      expect(refused.headers).to.not.have.property("x-ratelimit-limit");
    }
    const failed = await call("writer", { subject: "fred", saying: "fail 9" });
    expect(failed.status).to.equal(400);
    expect(failed.headers["x-ratelimit-remaining"]).to.equal("2");
  });

  it("costs those nothing who have none", async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => call("free")));
    for (const { headers, status } of replies) {
      expect(status).to.equal(200);
      expect(headers).to.not.have.property("x-ratelimit-limit");
    }
    expect(gateway.refused).to.deep.equal([]);
  });
});
