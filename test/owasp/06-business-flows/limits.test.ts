// API6:2023: a caller who would use more than its share, by seeming to be others.
import { expect } from "chai";
import {
  type LimitedGateway,
  limitedRoutes,
  startLimitedGateway,
} from "../../edge/limited-gateway.ts";
import { expectRefusal } from "../../harness/expect-refusal.ts";
import { invokeGrpc, saying } from "../../harness/grpc.ts";
import { asking, callRest, type RestReply } from "../../harness/rest.ts";

describe("OWASP API6: unrestricted access to sensitive business flows", () => {
  let limited: LimitedGateway;
  before(async () => {
    limited = await startLimitedGateway();
    expect(limitedRoutes.writing).to.contain("requests: 3, per: minute, by: subject");
  });
  after(() => limited?.stop());

  const asMallory = (
    more: Readonly<Record<string, string | string[]>> = {},
    path = "/v1/agents/writer:invoke",
    claims: Readonly<Record<string, unknown>> = {},
  ): Promise<RestReply> =>
    callRest(limited.gateway, {
      path,
      // Each time another token: what counts is whose it is.
      token: limited.gateway.token({ subject: "mallory", claims }),
      body: asking("hello"),
      headers: more,
    });

  it("a share is used up by whoever's it is, whatever the calls say besides", async () => {
    for (const _ of [1, 2, 3]) expect((await asMallory()).status).to.equal(200);
    const tricks: readonly Readonly<Record<string, string | string[]>>[] = [
      {},
      { "x-forwarded-for": "10.9.8.7" },
      { "smartcall-subject": "ann" },
      { "smartcall-subject": ["ann", "bob"] },
      { smartcall_subject: "ann" },
      { "smartcall-claims": Buffer.from('{"sub":"ann"}').toString("base64url") },
      { "x-ratelimit-reset": "0" },
      { "x-envoy-ratelimited": "false" },
      { "user-agent": "other" },
    ];
    for (const headers of tricks) {
      expectRefusal(await asMallory(headers), 429, "RESOURCE_EXHAUSTED", "RATE_LIMITED");
    }
    const paths = [
      "/v1/agents/writer:stream",
      "/v1//agents/writer:invoke",
      "/v1/agents/writer:invoke?",
    ];
    for (const path of paths) expect((await asMallory({}, path)).status, path).to.equal(429);
    const claims = { subject: "ann", name: "ann" };
    expect((await asMallory({}, undefined, claims)).status).to.equal(429);
  });

  it("by both doors together, and others are not touched by it", async () => {
    const reply = await invokeGrpc(limited.gateway, {
      agent: "writer",
      token: limited.gateway.token({ subject: "mallory" }),
      request: saying("hello"),
    });
    expect(reply.ok ? 0 : reply.error.code).to.equal(8);
    expect((await limited.call("writer", { subject: "ann" })).status).to.equal(200);
  });

  it("where addresses count, no header makes another of one", async () => {
    const call = (headers: Readonly<Record<string, string>>): Promise<RestReply> =>
      callRest(limited.gateway, {
        path: "/v1/agents/by-address:invoke",
        body: asking("hello"),
        headers,
      });
    for (const _ of [1, 2]) expect((await call({})).status).to.equal(200);
    for (const name of [
      "x-forwarded-for",
      "x-real-ip",
      "forwarded",
      "x_forwarded_for",
      "client-ip",
    ]) {
      for (const value of ["10.0.0.1", "for=10.0.0.1", "::1", "10.0.0.1, 10.0.0.2"]) {
        expect((await call({ [name]: value })).status, `${name}: ${value}`).to.equal(429);
      }
    }
  });
});
