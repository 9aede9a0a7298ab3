// Which tokens are taken as the mesh's own.

import { expect } from "chai";
import jwt from "jsonwebtoken";
import { type CheckedToken, checkToken } from "./check-token.ts";
import { loadSigningKeys, rotateSigningKey, type SigningKeys } from "./signing-keys.ts";
import { must, type TemporaryState, temporaryState } from "./temporary-state.test.ts";
import { mintToken, type TokenRequest } from "./token.ts";

const now = new Date("2026-03-01T12:00:00Z");
const later = (ms: number): Date => new Date(now.getTime() + ms);
const request: TokenRequest = {
  mesh: "demo",
  subject: "ann",
  scopes: ["agents:invoke", "mesh:admin"],
  lifetimeMs: 60_000,
};

describe("checking a token", () => {
  let own: TemporaryState;
  let keys: SigningKeys;
  beforeEach(async () => {
    own = await temporaryState();
    keys = must(await loadSigningKeys(own.state, { now, report: own.report }));
  });
  afterEach(() => own.remove());

  const check = (token: string, at = now, known = keys): CheckedToken =>
    checkToken(known, token, { mesh: "demo", scope: "mesh:admin", now: at });
  const mint = (other: Partial<TokenRequest> = {}, at = now, by = keys): string =>
    must(mintToken(by, { ...request, ...other }, at)).token;
  const signed = (claims: object): string =>
    jwt.sign(claims, keys[0].privateKey, { algorithm: "ES256", keyid: keys[0].kid });
  const good = { iss: "smartcall:demo", aud: "smartcall", sub: "ann", scope: "mesh:admin" };
  const exp = now.getTime() / 1000 + 60;

  it("takes none that was revoked, or whose subject was", () => {
    const { token, id } = must(mintToken(keys, request, now));
    const checked = (isDenied: (of: { id: string; subject: string }) => boolean) =>
      checkToken(keys, token, { mesh: "demo", scope: "mesh:admin", now, isDenied });
    expect(checked((of) => of.id === id)).to.include({ ok: false, why: "it was revoked" });
    expect(checked((of) => of.subject === "ann")).to.include({ ok: false, kind: "token" });
    expect(checked((of) => of.subject === "bob").ok).to.equal(true);
  });

  it("takes those of an RSA key, and none that is signed in another way than its key", async () => {
    const algorithm = "RS256";
    const rotated = await rotateSigningKey(own.state, { now, report: own.report, algorithm });
    const [, rsa] = must(rotated);
    if (rsa === undefined) return expect.fail("there is no second key");
    const known: SigningKeys = [keys[0], rsa];
    const token = mint({}, later(60_000), [rsa]);
    expect(jwt.decode(token, { complete: true })?.header.alg).to.equal("RS256");
    expect(check(token, later(60_000), known)).to.include({ ok: true, subject: "ann" });
    const posing = jwt.sign({ ...good, exp }, keys[0].privateKey, {
      algorithm: "ES256",
      keyid: rsa.kid,
    });
    expect(check(posing, now, known)).to.include({ ok: false, kind: "token" });
  });

  it("says whose a good one is", () => {
    expect(check(mint())).to.deep.equal({ ok: true, subject: "ann" });
    expect(check(signed({ ...good, exp }))).to.deep.equal({ ok: true, subject: "ann" });
  });

  it("tells one without the scope from one that is none, also where the scope is a part of a word", () => {
    for (const scopes of [["agents:invoke"], ["mesh:administrator"], []]) {
      expect(check(mint({ scopes }))).to.deep.equal({ ok: false, kind: "scope", subject: "ann" });
    }
  });

  it("refuses what is over, not yet, of another mesh, for others, or for nobody", () => {
    expect(check(mint(), later(61_000))).to.have.property(
      "why",
      "it expired at 2026-03-01T12:01:00.000Z",
    );
    const wrong = [
      mint({ mesh: "other" }),
      signed({ ...good, exp, aud: "others" }),
      signed({ ...good, exp, nbf: exp - 1 }),
      signed({ ...good, exp, sub: "" }),
      signed(good),
      signed({ ...good, exp: "soon".length, scope: ["mesh:admin"] }),
    ];
    for (const token of wrong) expect(check(token)).to.include({ ok: false, kind: "token" });
  });

  it("takes ES256 by a known key and nothing else", async () => {
    const stranger = await temporaryState();
    const others = must(await loadSigningKeys(stranger.state, { now, report: own.report }));
    await stranger.remove();
    const [header = "", payload = "", signature = ""] = mint().split(".");
    const { kid } = keys[0];
    const hmac = jwt.sign({ ...good, exp }, JSON.stringify(keys[0].publicKey), { keyid: kid });
    const none = jwt.sign({ ...good, exp }, null, { algorithm: "none", keyid: kid });
    const borrowed = jwt.sign({ ...good, exp }, others[0].privateKey, {
      algorithm: "ES256",
      keyid: kid,
    });
    const cut = `${header}.${payload}.${signature.slice(2)}`;
    const nonsense = ["", ".", "a.b.c", "nonsense", `${header}.e30.${signature}`];
    for (const token of [mint({}, now, others), hmac, none, borrowed, cut, ...nonsense]) {
      expect(check(token), token).to.include({ ok: false, kind: "token" });
    }
  });

  it("takes what a rotated key signs as soon as the key is known, and what older ones signed", async () => {
    const before = mint({ lifetimeMs: 3_600_000 });
    const rotated = must(await rotateSigningKey(own.state, { now, report: own.report }));
    const at = later(10_000);
    const after = mint({}, at, rotated);
    expect(check(after, at)).to.include({ ok: false });
    expect(check(after, at, rotated)).to.include({ ok: true });
    expect(check(before, at, rotated)).to.include({ ok: true });
  });
});
