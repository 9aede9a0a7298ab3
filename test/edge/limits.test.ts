import { expect } from "chai";
import { detailOf } from "../harness/error-details.ts";
import { pause } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { invokeGrpc, saying } from "../harness/grpc.ts";
import { textAt } from "../harness/json.ts";
import { asking, callRest } from "../harness/rest.ts";
import type { TestGateway } from "./gateway.ts";
import { type LimitedGateway, startLimitedGateway, statuses } from "./limited-gateway.ts";

describe("A limit of a route", () => {
  let limited: LimitedGateway;
  let gateway: TestGateway;
  before(async () => {
    limited = await startLimitedGateway();
    gateway = limited.gateway;
  });
  after(() => limited.stop());
  const call: LimitedGateway["call"] = (agent, caller) => limited.call(agent, caller);

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

  it("counts by a claim, whatever its type, and those without it as one", async () => {
    const by = (claims: Readonly<Record<string, unknown>>, subject: string) => () =>
      call("by-team", { claims, subject });
    const kinds: readonly unknown[] = ["red", "", 7, 1_234_567, 1_234_568, true];
    for (const team of kinds) {
      const first = await statuses(2, by({ team }, "ann"));
      const second = await statuses(1, by({ team }, "bob"));
      expect([...first, ...second], JSON.stringify(team)).to.deep.equal([200, 200, 429]);
    }
    expect(await statuses(2, by({}, "ann"))).to.deep.equal([200, 200]);
    for (const team of [["c"], { a: 1 }, null]) {
      expect(await statuses(1, by({ team }, "ann")), JSON.stringify(team)).to.deep.equal([429]);
    }
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

  it("holds also where no other route takes the call", async () => {
    const gold = () => call("only-gold", { subject: "ann", claims: { plan: "gold" } });
    expect(await statuses(2, gold)).to.deep.equal([200, 429]);
    const other = await call("only-gold", { subject: "ann" });
    expect(other.status).to.equal(403);
    expect(other.headers).to.not.have.property("x-ratelimit-limit");
  });

  it("is that of the route that the model of a call leads to", async () => {
    const by = (model: string) => () =>
      callRest(gateway, {
        path: "/v1/agents/by-model:invoke",
        token: gateway.token({ subject: "ann" }),
        body: asking("hello", { model }),
      });
    expect(await statuses(2, by("large"))).to.deep.equal([200, 429]);
    expect(await statuses(2, by("small"))).to.deep.equal([200, 200]);
  });

  it("of a second is over after a second", async () => {
    const one = () => call("quick", { subject: "ann" });
    const begin = performance.now();
    const replies = await Promise.all(Array.from({ length: 20 }, one));
    const most = 2 + 2 * ((performance.now() - begin) / 1_000) + 1;
    const taken = replies.filter(({ status }) => status === 200);
    expect(taken.length).to.be.within(2, most);
    const refused = replies.find(({ status }) => status === 429);
    expect(refused?.headers["retry-after"]).to.equal("1");
    await pause(1_050);
    expect(await statuses(2, one)).to.deep.equal([200, 200]);
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
