// The mesh's own tokens, and the keys that sign them.

import { createPublicKey, verify } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, parseObject } from "@smartcall/runtime";
import { expect } from "chai";
import jwt from "jsonwebtoken";
import {
  loadSigningKeys,
  longestTokenLifetimeMs,
  publicKeySet,
  publishingMs,
  rotateSigningKey,
  type SigningKeys,
  signerOf,
} from "./signing-keys.ts";
import { must, type TemporaryState, temporaryState } from "./temporary-state.test.ts";
import { mintToken, type TokenRequest } from "./token.ts";
import { watchSigningKeys } from "./watch-signing-keys.ts";

const now = new Date("2026-03-01T12:00:00Z");
const later = (ms: number): Date => new Date(now.getTime() + ms);
const request: TokenRequest = {
  mesh: "demo",
  subject: "alice",
  scopes: ["agents:invoke", "agents:list"],
  lifetimeMs: 3_600_000,
};

describe("signing keys and tokens", () => {
  let own: TemporaryState;
  let keys: SigningKeys;
  const at = (time: Date) => ({ now: time, report: own.report });

  beforeEach(async () => {
    own = await temporaryState();
    keys = must(await loadSigningKeys(own.state, at(now)));
  });
  afterEach(() => own.remove());

  it("a token says who, what for and until when, and jsonwebtoken takes it", () => {
    const claims = { plan: "gold", groups: ["a", "b"] };
    const token = must(mintToken(keys, { ...request, claims }, now));
    const key = createPublicKey(keys[0].privateKey);
    const checked = jwt.verify(token.token, key, {
      algorithms: ["ES256"],
      issuer: "smartcall:demo",
      audience: "smartcall",
      clockTimestamp: now.getTime() / 1000,
      complete: true,
    });
    expect(checked.header).to.deep.equal({ alg: "ES256", typ: "JWT", kid: keys[0].kid });
    expect(checked.payload).to.deep.equal({
      ...claims,
      iss: "smartcall:demo",
      aud: "smartcall",
      sub: "alice",
      scope: "agents:invoke agents:list",
      iat: now.getTime() / 1000,
      exp: now.getTime() / 1000 + 3600,
      jti: token.id,
    });
    expect(token.expires).to.deep.equal(later(3_600_000));
  });

  it("a token is checked with the published key set alone", () => {
    const { token } = must(mintToken(keys, request, now));
    const [header = "", payload = "", signature = ""] = token.split(".");
    const { kid } = parseObject(Buffer.from(header, "base64url").toString()) ?? {};
    const { keys: published } = parseObject(publicKeySet(keys)) ?? {};
    const jwk = (Array.isArray(published) ? published : [])
      .filter(isObject)
      .find(({ kid: published }) => published === kid);
    expect(jwk).to.include({ kty: "EC", crv: "P-256", alg: "ES256", use: "sig" });
    const good = verify(
      "sha256",
      Buffer.from(`${header}.${payload}`),
      {
        key: createPublicKey({ key: { ...jwk }, format: "jwk" }),
        dsaEncoding: "ieee-p1363",
      },
      Buffer.from(signature, "base64url"),
    );
    expect(good).to.equal(true);
  });

  it("the published key set holds no private key", () => {
    expect(publicKeySet(keys)).to.not.include("PRIVATE").and.not.include('"d"');
  });

  const refused: readonly [string, Partial<TokenRequest>, string][] = [
    ["no subject", { subject: " " }, "subject"],
    ["a subject of two lines", { subject: "a\nb" }, "control characters"],
    ["a scope with a space", { scopes: ["a b"] }, '"a b"'],
    ["no lifetime", { lifetimeMs: 0 }, "365 days"],
    ["a lifetime that is no number", { lifetimeMs: Number.NaN }, "365 days"],
    ["too long a lifetime", { lifetimeMs: longestTokenLifetimeMs + 1 }, "365 days"],
    ["a claim of the mesh's own", { claims: { scope: "admin" } }, "claim scope"],
  ];
  for (const [name, wrong, words] of refused) {
    it(`${name} is refused with a sentence`, () => {
      const minted = mintToken(keys, { ...request, ...wrong }, now);
      expect(minted.ok).to.equal(false);
      if (!minted.ok) expect(minted.problem.message).to.include(words);
    });
  }

  it("keys are the same when they are read again", async () => {
    const again = must(await loadSigningKeys(own.state, at(later(1000))));
    expect(again).to.deep.equal(keys);
  });

  it("a new key is published at once, and signs when gateways have had time to learn it", async () => {
    const both = must(await rotateSigningKey(own.state, at(later(60_000))));
    expect(both).to.have.length(2);
    expect(both).to.deep.equal(must(await loadSigningKeys(own.state, at(later(60_000)))));
    expect(publicKeySet(both)).to.include(both[1]?.kid).and.include(keys[0].kid);
    expect(signerOf(both, later(60_000 + publishingMs - 1))).to.equal(both[0]);
    expect(signerOf(both, later(60_000 + publishingMs))).to.equal(both[1]);
  });

  it("a rotation keeps to the algorithm, unless it is told another", async () => {
    const algorithms = async (ms: number, algorithm?: "ES256" | "RS256"): Promise<string[]> => {
      const options = { ...at(later(ms)), ...(algorithm && { algorithm }) };
      const all = must(await rotateSigningKey(own.state, options));
      expect(all).to.deep.equal(must(await loadSigningKeys(own.state, at(later(ms)))));
      return all.map((key) => key.algorithm);
    };
    expect(await algorithms(1000)).to.deep.equal(["ES256", "ES256"]);
    expect(await algorithms(2000, "RS256")).to.deep.equal(["ES256", "ES256", "RS256"]);
    expect((await algorithms(3000)).at(-1)).to.equal("RS256");
    expect((await algorithms(4000, "ES256")).at(-1)).to.equal("ES256");
  });

  it("an RSA key is published whole, and signs what jsonwebtoken takes", async () => {
    const options = { ...at(later(1000)), algorithm: "RS256" as const };
    const all = must(await rotateSigningKey(own.state, options));
    const time = later(1000 + publishingMs);
    const { token } = must(mintToken(all, request, time));
    const { kid } = jwt.decode(token, { complete: true })?.header ?? {};
    const { keys: published } = parseObject(publicKeySet(all)) ?? {};
    const jwk = (Array.isArray(published) ? published : [])
      .filter(isObject)
      .find((each) => each["kid"] === kid);
    expect(jwk).to.include({ kty: "RSA", alg: "RS256", use: "sig", e: "AQAB" });
    expect(Object.keys(jwk ?? {}).sort()).to.deep.equal(["alg", "e", "kid", "kty", "n", "use"]);
    const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
    const clockTimestamp = time.getTime() / 1000;
    expect(jwt.verify(token, key, { algorithms: ["RS256"], clockTimestamp })).to.include({
      sub: "alice",
    });
  });

  it("an old key stays until all that it signed has expired", async () => {
    await rotateSigningKey(own.state, at(later(1000)));
    const last = 1000 + publishingMs + longestTokenLifetimeMs;
    const kept = must(await rotateSigningKey(own.state, at(later(last))));
    expect(kept.map(({ kid }) => kid)).to.include(keys[0].kid);
    const dropped = must(await rotateSigningKey(own.state, at(later(last + 1))));
    expect(dropped).to.have.length(3);
    expect(dropped.map(({ kid }) => kid)).to.not.include(keys[0].kid);
    expect(must(await loadSigningKeys(own.state, at(later(last + 1))))).to.deep.equal(dropped);
  });

  it("a damaged key is set aside, and the others go on", async () => {
    must(await rotateSigningKey(own.state, at(later(1000))));
    await writeFile(join(own.folder, "keys", `${keys[0].kid}.json`), '{"created":"yesterday"}');
    const left = must(await loadSigningKeys(own.state, at(later(2000))));
    expect(left.map(({ kid }) => kid)).to.not.include(keys[0].kid);
    expect(own.problems.map(({ kind }) => kind)).to.deep.equal(["corrupt"]);
  });

  it("a key that another process adds is noticed", async () => {
    let watch = { close: async (): Promise<void> => undefined };
    const noticed = new Promise<SigningKeys>((resolve) => {
      watch = watchSigningKeys(own.state, keys, {
        change: resolve,
        report: own.report,
        everyMs: 2,
      });
    });
    const rotated = must(await rotateSigningKey(own.state, at(later(1000))));
    expect(publicKeySet(await noticed)).to.equal(publicKeySet(rotated));
    await watch.close();
    expect(own.problems).to.deep.equal([]);
  });

  it("a folder that cannot be read is reported once, and the keys stay", async () => {
    const told: SigningKeys[] = [];
    await own.remove();
    await writeFile(own.folder, "");
    const reported = new Promise<void>((resolve) => {
      const watch = watchSigningKeys(own.state, keys, {
        change: (changed) => told.push(changed),
        report: (problem) => {
          own.report(problem);
          setTimeout(() => watch.close().then(resolve), 20);
        },
        everyMs: 1,
      });
    });
    await reported;
    expect(own.problems).to.have.length(1);
    expect(told).to.deep.equal([]);
  });
});
