// API2:2023: tokens that nobody the mesh trusts has made, or not for it, or not for now.
import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { expect } from "chai";
import { claimsOf, headOf } from "../../edge/foreign-issuer.ts";
import { expectRefusal } from "../../harness/expect-refusal.ts";
import { invokeGrpc, saying } from "../../harness/grpc.ts";
import { listAt, textAt, valueAt } from "../../harness/json.ts";
import { requestText, sayRaw } from "../../harness/raw-http.ts";
import { callRest } from "../../harness/rest.ts";
import { type Attacked, attacked } from "../attacked.ts";

describe("OWASP API2: broken authentication", () => {
  let mesh: Attacked;
  let jwk: Readonly<Record<string, unknown>>;
  before(async () => {
    mesh = await attacked();
    const page = await callRest(mesh.gateway, { method: "GET", path: "/.well-known/jwks.json" });
    const [first] = listAt(page.json, "keys");
    jwk = recordOf(first);
  });

  /** A good token with another head, other claims or another signature. */
  function changed(change: {
    readonly head?: Readonly<Record<string, unknown>>;
    readonly claims?: Readonly<Record<string, unknown>>;
    readonly signed?: (text: string) => string;
  }): string {
    const token = mesh.gateway.token();
    const head = encoded({ ...recordOf(headOf(token)), ...change.head });
    const claims = encoded({ ...recordOf(claimsOf(token)), ...change.claims });
    const own = token.split(".")[2] ?? "";
    return `${head}.${claims}.${change.signed?.(`${head}.${claims}`) ?? own}`;
  }

  const hmac = (secret: string | Buffer) => (text: string) =>
    createHmac("sha256", secret).update(text).digest("base64url");
  const publicPem = (): string =>
    createPublicKey({ key: { ...jwk }, format: "jwk" })
      .export({ type: "spki", format: "pem" })
      .toString();
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const byStranger = (text: string): string =>
    sign("sha256", Buffer.from(text), {
      key: stranger.privateKey,
      dsaEncoding: "ieee-p1363",
    }).toString("base64url");

  const tokens: Readonly<Record<string, () => string>> = {
    "signed by another key under the mesh's key id": () => changed({ signed: byStranger }),
    "with other claims under a good signature": () => changed({ claims: { sub: "root" } }),
    "alg: none, without a signature": () => changed({ head: { alg: "none" }, signed: () => "" }),
    "alg: none, with the old signature": () => changed({ head: { alg: "none" } }),
    "alg: None": () => changed({ head: { alg: "None" }, signed: () => "" }),
    "without an alg": () => changed({ head: { alg: undefined } }),
    "HS256 with the public key as PEM for a secret": () =>
      changed({ head: { alg: "HS256" }, signed: hmac(publicPem()) }),
    "HS256 with the public key as JWK for a secret": () =>
      changed({ head: { alg: "HS256" }, signed: hmac(JSON.stringify(jwk)) }),
    "HS256 with a coordinate for a secret": () =>
      changed({
        head: { alg: "HS256" },
        signed: hmac(Buffer.from(textAt(jwk, "x"), "base64url")),
      }),
    "HS256 with an empty secret": () => changed({ head: { alg: "HS256" }, signed: hmac("") }),
    "with a key of its own in its head": () =>
      changed({
        head: { jwk: stranger.publicKey.export({ format: "jwk" }) },
        signed: byStranger,
      }),
    "with a place for its key in its head": () =>
      changed({ head: { jku: "https://localhost:1/jwks.json" }, signed: byStranger }),
    "with certificates in its head": () =>
      changed({ head: { x5u: "https://localhost:1/c.pem", x5c: ["AAAA"] }, signed: byStranger }),
    "with a path for a key id": () =>
      changed({ head: { kid: "../../../../dev/null" }, signed: hmac("") }),
    "with SQL for a key id": () =>
      changed({ head: { kid: "x' UNION SELECT 'a" }, signed: byStranger }),
    "with a number for a key id": () => changed({ head: { kid: 1 }, signed: byStranger }),
    "with no key id, by another key": () =>
      changed({ head: { kid: undefined }, signed: byStranger }),
    "with a signature of zeros": () =>
      changed({ signed: () => Buffer.alloc(64).toString("base64url") }),
    "with a short signature": () => changed({ signed: () => "AAAA" }),
    "without a signature": () => changed({ signed: () => "" }),
    "cut after its claims": () => mesh.gateway.token().split(".").slice(0, 2).join("."),
    "with a fourth part": () => `${mesh.gateway.token()}.AAAA`,
    "encrypted, by its head": () => changed({ head: { enc: "A128GCM", alg: "dir" } }),
    "of nothing": () => "",
    "of dots": () => "..",
    "of spaces": () => "   ",
    "of 60,000 letters": () => "a".repeat(60_000),
    "that expired a minute ago": () => mesh.login.token({ exp: now() - 60 }),
    "that never expires": () => mesh.login.token({ exp: undefined }),
    "whose end is no number": () => mesh.login.token({ exp: "never" }),
    "that is not good yet": () => mesh.login.token({ nbf: now() + 3_600 }),
    "for another audience": () => mesh.login.token({ aud: "billing" }),
    "for no audience": () => mesh.login.token({ aud: undefined }),
    "for an audience that begins alike": () => mesh.login.token({ aud: "smartcall.example" }),
    "of an issuer that nobody trusts": () => mesh.login.token({ iss: "https://login.test/" }),
    "of the mesh, signed by another issuer": () => mesh.login.token({ iss: "smartcall:edge-test" }),
    "of nobody": () => mesh.login.token({ iss: undefined }),
  };

  it("good tokens are taken", async () => {
    expect((await mesh.call()).status).to.equal(200);
    expect((await mesh.call({ token: mesh.login.token() })).status).to.equal(200);
    const audiences = { aud: ["billing", "smartcall"] };
    expect((await mesh.call({ token: mesh.login.token(audiences) })).status).to.equal(200);
  });

  for (const [words, make] of Object.entries(tokens)) {
    it(`a token ${words}`, async () => {
      const before = mesh.agent.seen.length;
      const token = make();
      expectRefusal(await mesh.call({ token }), 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
      const headers = { "x-api-key": token };
      const asKey = await callRest(mesh.gateway, {
        path: "/v1/agents/echo:invoke",
        headers,
        body: {},
      });
      expectRefusal(asKey, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
      const grpc = await invokeGrpc(mesh.gateway, {
        agent: "echo",
        token,
        request: saying("hello"),
      });
      expect(grpc.ok ? 0 : grpc.error.code).to.equal(16);
      expect(mesh.agent.seen.length).to.equal(before);
    });
  }

  it("a token that stands anywhere but in its headers", async () => {
    const token = mesh.gateway.token();
    const places = [
      { path: `/v1/agents/echo:invoke?access_token=${token}` },
      { path: `/v1/agents/echo:invoke?authorization=Bearer%20${token}` },
      { path: `/v1/agents/echo:invoke?x-api-key=${token}` },
      { headers: { cookie: `authorization=Bearer ${token}; access_token=${token}` } },
      { headers: { "proxy-authorization": `Bearer ${token}` } },
      { headers: { "x-authorization": `Bearer ${token}` } },
      { headers: { "x-forwarded-authorization": `Bearer ${token}` } },
      { headers: { authorization_: `Bearer ${token}` } },
      { headers: { authorization: `Basic ${Buffer.from(`me:${token}`).toString("base64")}` } },
      { headers: { authorization: token } },
      { headers: { authorization: `Token ${token}` } },
      { body: { access_token: token } },
    ];
    for (const place of places) {
      const { path = "/v1/agents/echo:invoke", headers = {}, body = {} } = place;
      const reply = await callRest(mesh.gateway, { path, headers, body });
      expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    }
    expect(mesh.gateway.output()).to.not.contain(token);
  });

  it("two headers with tokens, of which one is good", async () => {
    const before = mesh.agent.seen.length;
    const good = `authorization: Bearer ${mesh.gateway.token()}`;
    const bad = `authorization: Bearer ${changed({ signed: byStranger })}`;
    const key = `x-api-key: ${mesh.gateway.token()}`;
    const said = [
      [good, bad],
      [bad, good],
      [good, good],
      [good, key],
      [bad, key],
      [good, "x-api-key: nonsense"],
      [key, key],
    ];
    const all = await Promise.all(
      said.map((headers) =>
        sayRaw(
          mesh.gateway,
          requestText(
            "POST /v1/agents/echo:invoke HTTP/1.1",
            ["content-type: application/json", ...headers],
            "{}",
          ),
        ),
      ),
    );
    for (const { statuses } of all) expect(statuses).to.deep.equal([401]);
    expect(mesh.agent.seen.length).to.equal(before);
  });

  it("and tells nothing of why that would help", async () => {
    const reply = await mesh.call({ token: changed({ signed: byStranger }) });
    expect(reply.text).to.not.contain(textAt(jwk, "kid"));
    expect(reply.text).to.not.match(/smartcall:edge-test|audience|localhost/);
    expect(valueAt(reply.json, "error", "code")).to.equal(401);
  });
});

function now(): number {
  return Math.floor(Date.now() / 1_000);
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}
