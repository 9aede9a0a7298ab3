// Whose tokens the edge takes, what agents hear of the caller, and who may call no more.

import type { Denied, Issuer } from "@smartcall/control-plane/dist/model/issuer.js";
import { expect } from "chai";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { listAt, textAt } from "../harness/json.ts";
import { asking, callRest, type RestReply, type RestRequest } from "../harness/rest.ts";
import { claimsOf, foreignIssuer, headOf } from "./foreign-issuer.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { meshOf, origin } from "./mesh-of.ts";

describe("The edge knows who calls", () => {
  const login = foreignIssuer("https://login.example.com");
  const other = foreignIssuer("https://other.example.com", "RS256");
  const issuers: readonly Issuer[] = [login, other].map(({ name, keys }) => ({
    name,
    keys,
    audiences: ["smartcall"],
    origin,
  }));
  let denied: Denied | undefined;
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway((parts) => ({
      ...meshOf(parts),
      issuers: [parts.issuer, ...issuers],
      ...(denied && { denied }),
    }));
  });
  after(() => gateway.stop());

  const call = (more: Partial<RestRequest>): Promise<RestReply> =>
    callRest(gateway, { path: "/v1/agents/echo:invoke", body: asking("hello"), ...more });
  const heard = (name: string): unknown[] => gateway.agent.seen.at(-1)?.get(name) ?? [];
  const claimsHeard = (): unknown => {
    const [encoded] = heard("smartcall-claims");
    return JSON.parse(Buffer.from(String(encoded), "base64url").toString());
  };
  const deny = async (lists: Partial<Denied>): Promise<void> => {
    denied = { tokens: [], subjects: [], ...lists };
    await gateway.publish([]);
  };
  const idOf = (token: string): string => textAt(claimsOf(token), "jti");

  it("by the tokens of each issuer, ES256 and RS256, and by nothing that another signed", async () => {
    expect((await call({ token: login.token() })).status).to.equal(200);
    expect((await call({ token: other.token() })).status).to.equal(200);
    const posing = other.token({ iss: login.name });
    expectRefusal(await call({ token: posing }), 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    const asMesh = login.token({ iss: "smartcall:edge-test" });
    expectRefusal(await call({ token: asMesh }), 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    const unknown = foreignIssuer("https://nobody.example.com").token();
    expectRefusal(await call({ token: unknown }), 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
  });

  it("and tells the agent, and not which token it was", async () => {
    const token = gateway.token({ subject: "jürgen", claims: { plan: "gold" } });
    const forged = {
      "smartcall-subject": "root",
      "smartcall-claims": "e30",
      "smartcall-token-id": "x",
    };
    expect((await call({ token, headers: forged })).status).to.equal(200);
    expect(claimsHeard()).to.include({
      sub: "jürgen",
      plan: "gold",
      iss: "smartcall:edge-test",
    });
    // One that is not of ASCII could not be metadata of gRPC.
    expect(heard("smartcall-subject")).to.deep.equal([]);
    expect(heard("smartcall-token-id")).to.deep.equal([]);
  });

  it("where no token is asked for: nothing, or a good one", async () => {
    const path = "/v1/agents/open:invoke";
    expect(
      (await call({ path, headers: { "smartcall-subject": "root", "smartcall-claims": "e30" } }))
        .status,
    ).to.equal(200);
    expect(heard("smartcall-claims")).to.deep.equal([]);
    expect((await call({ path, token: login.token() })).status).to.equal(200);
    expect(claimsHeard()).to.include({ sub: "visitor" });
    const posing = other.token({ iss: login.name });
    const before = gateway.agent.seen.length;
    for (const token of [posing, "nonsense", login.token({ exp: 1 })]) {
      const reply = await call({ path, token });
      expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    }
    const asKey = await call({ path, headers: { "x-api-key": "nonsense" } });
    expectRefusal(asKey, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    expect(gateway.agent.seen.length).to.equal(before);
  });

  it("by an API key, which only the mesh itself gives", async () => {
    const key = gateway.token({ subject: "billing" });
    expect((await call({ headers: { "x-api-key": key } })).status).to.equal(200);
    expect(claimsHeard()).to.include({ sub: "billing" });
    const foreign = await call({ headers: { "x-api-key": login.token() } });
    expectRefusal(foreign, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
  });

  it("and shows everyone the keys of the mesh's own tokens, those of a rotation too", async () => {
    const read = async (method = "GET"): Promise<RestReply> =>
      callRest(gateway, { method, path: "/.well-known/jwks.json" });
    const kidOf = (token: string): string => textAt(headOf(token), "kid");
    const before = gateway.token();
    expect((await read()).headers).to.include({
      "content-type": "application/jwk-set+json",
      "cache-control": "public, max-age=5",
    });
    await gateway.rotate("RS256");
    for (let rotation = 0; rotation < 20; rotation += 1) await gateway.rotate("ES256");
    const { status, text, json } = await read();
    expect(status).to.equal(200);
    expect(text.length, "longer than Envoy's bound of 4096").to.be.greaterThan(4_096);
    const kids = listAt(json, "keys").map((key) => textAt(key, "kid"));
    expect(kids).to.have.length(22);
    expect(kids).to.include(kidOf(before));
    expect(text).to.not.match(/"d"|PRIVATE/);
    expect((await call({ token: before })).status).to.equal(200);
    expectRefusal(await read("POST"), 405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED");
  });

  it("and refuses a revoked token and a revoked caller, and nobody else", async () => {
    const [bad, good] = [gateway.token({ subject: "bob" }), gateway.token({ subject: "bob" })];
    await deny({ tokens: [idOf(bad)], subjects: ["mallory", "a,b"] });
    for (const headers of [{ authorization: `Bearer ${bad}` }, { "x-api-key": bad }]) {
      expectRefusal(await call({ headers }), 401, "UNAUTHENTICATED", "TOKEN_REVOKED");
    }
    const open = await call({ path: "/v1/agents/open:invoke", token: bad });
    expectRefusal(open, 401, "UNAUTHENTICATED", "TOKEN_REVOKED");
    expect((await call({ token: good })).status).to.equal(200);
    for (const subject of ["mallory", "a,b"]) {
      for (const token of [gateway.token({ subject }), login.token({ sub: subject })]) {
        expectRefusal(await call({ token }), 401, "UNAUTHENTICATED", "TOKEN_REVOKED");
      }
    }
    await deny({});
    expect((await call({ token: bad })).status).to.equal(200);
  });

  it("and lets no second token hide a revoked one", async () => {
    const [bad, good] = [gateway.token({ subject: "bob" }), gateway.token({ subject: "eve" })];
    await deny({ tokens: [idOf(bad)], subjects: ["bob"] });
    const pairs: readonly Readonly<Record<string, string>>[] = [
      { authorization: `Bearer ${bad}`, "x-api-key": good },
      { authorization: `Bearer ${good}`, "x-api-key": bad },
      { authorization: `Bearer ${login.token()}`, "x-api-key": good },
      { authorization: `Bearer ${good}, Bearer ${bad}` },
      { authorization: `Bearer ${bad}, Bearer ${good}` },
      { "x-api-key": `${good},${bad}` },
      { "x-api-key": `${bad}, ${good}` },
    ];
    for (const headers of pairs) {
      for (const path of ["/v1/agents/echo:invoke", "/v1/agents/open:invoke"]) {
        const before = gateway.agent.seen.length;
        const reply = await call({ path, headers });
        expect(reply.status, JSON.stringify(Object.keys(headers))).to.equal(401);
        expect(gateway.agent.seen.length).to.equal(before);
      }
    }
    const both = { authorization: `Bearer ${good}`, "x-api-key": good };
    expectRefusal(await call({ headers: both }), 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    await deny({});
  });

  it("takes no token whose subject or id is no text that a header can hold", async () => {
    const odd: readonly Readonly<Record<string, unknown>>[] = [
      { sub: 7 },
      { sub: ["mallory"] },
      { sub: { name: "mallory" } },
      { sub: true },
      { sub: null },
      { sub: undefined },
      { sub: "" },
      { sub: "mal\nlory" },
      { sub: "mal\u0000lory" },
      { jti: 7 },
      { jti: ["a"] },
    ];
    for (const claims of odd) {
      const reply = await call({ token: login.token(claims) });
      expect(reply.status, JSON.stringify(claims)).to.equal(401);
    }
    const ids = ["a,b", "a\nb", "jürgen"];
    for (const jti of [undefined, "", ...ids]) {
      expect((await call({ token: login.token({ jti }) })).status).to.equal(200);
    }
    await deny({ tokens: ids });
    for (const jti of ids) {
      const reply = await call({ token: login.token({ jti }) });
      expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_REVOKED");
    }
    await deny({});
  });
});
