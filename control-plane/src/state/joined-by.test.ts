// Who may be which node, by the token that it shows and where it comes from.

import { expect } from "chai";
import { createJoinedBy, isWithdrawn, type JoinChecks } from "./joined-by.ts";
import { type JoinedBy, type Joining, joinAudience, joinScope } from "./node-proof.ts";
import { loadSigningKeys, rotateSigningKey, type SigningKeys } from "./signing-keys.ts";
import { must, type TemporaryState, temporaryState } from "./temporary-state.test.ts";
import { mintToken, type TokenRequest } from "./token.ts";

const here = "127.0.0.1:40000";
const elsewhere = "192.0.2.7:40000";

describe("what a node proves to be", () => {
  let own: TemporaryState;
  let keys: SigningKeys;
  let now: Date;
  let denied: ReadonlySet<string>;
  let joinedBy: JoinedBy;
  let checks: JoinChecks;
  beforeEach(async () => {
    own = await temporaryState();
    now = new Date("2026-03-01T12:00:00Z");
    keys = must(await loadSigningKeys(own.state, { now, report: own.report }));
    denied = new Set();
    checks = {
      joinToken: "of-the-mesh",
      signingKeys: () => keys,
      mesh: () => "demo",
      now: () => now,
      isDenied: ({ id, subject }) => denied.has(id) || denied.has(subject),
    };
    joinedBy = createJoinedBy(checks);
  });
  afterEach(() => own.remove());

  const request: TokenRequest = {
    mesh: "demo",
    subject: "gateway/g2",
    scopes: [joinScope],
    lifetimeMs: 60_000,
    audience: joinAudience,
  };
  const minted = (other: Partial<TokenRequest> = {}, by = keys) =>
    must(mintToken(by, { ...request, ...other }, now));
  const show = (token: string, peer = elsewhere): Joining => joinedBy(`Bearer ${token}`, peer);
  const why = (joining: Joining): string => (joining.ok ? "it is taken" : joining.message);

  it("is any node by the mesh's own token, on this machine only", () => {
    for (const peer of [here, "127.9.9.9:1", "::1:40000", "::ffff:127.0.0.1:40000"]) {
      expect(show("of-the-mesh", peer), peer).to.deep.equal({
        ok: true,
        proof: { kind: "owner" },
      });
    }
    const others = [elsewhere, "::ffff:192.0.2.7:1", "2001:db8::1:9", "fe80::1%eth0:9", "unknown"];
    for (const peer of [...others, "", "localhost:1", "127.0.0.1.example:1", "1:127.0.0.1"]) {
      expect(why(show("of-the-mesh", peer)), peer).to.include("smartcall join gateway NAME");
    }
  });

  it("is the gateway or the agent that its token is for, from anywhere", () => {
    for (const [subject, kind, name] of [
      ["gateway/g2", "gateway", "g2"],
      ["agent/echo", "agent", "echo"],
    ] as const) {
      const { token, id, expires } = minted({ subject });
      for (const peer of [here, elsewhere]) {
        expect(show(token, peer)).to.deep.equal({
          ok: true,
          proof: { kind, name, token: { id, subject, expires } },
        });
      }
    }
  });

  it("is nothing by a token of a caller, of another mesh, of a stranger, or of nobody", async () => {
    const stranger = await temporaryState();
    const theirs = must(await loadSigningKeys(stranger.state, { now, report: own.report }));
    await stranger.remove();
    const [kid] = keys.map((key) => key.kid);
    const posing: SigningKeys = [{ ...theirs[0], kid: kid ?? "" }];
    const { audience: _, ...caller } = request;
    for (const [what, token] of [
      ["a caller's", must(mintToken(keys, caller, now)).token],
      ["an operator's", must(mintToken(keys, { ...caller, scopes: ["mesh:admin"] }, now)).token],
      ["another mesh's", minted({ mesh: "other" }).token],
      ["a stranger's", minted({}, theirs).token],
      ["a stranger's by our key's name", minted({}, posing).token],
      ["of no kind", minted({ subject: "quota/q" }).token],
      ["of no name", minted({ subject: "agent/" }).token],
      ["of a longer name", minted({ subject: "agent/echo/1" }).token],
      ["cut", minted().token.slice(0, -2)],
      ["without signature", `${minted().token.split(".").slice(0, 2).join(".")}.`],
      ["endless", `a.${"b".repeat(10_000)}.c`],
      ["nonsense", "a.b.c"],
    ] as const) {
      expect(show(token).ok, what).to.equal(false);
      expect(show(token, here).ok, what).to.equal(false);
    }
    for (const shown of [undefined, "", "Bearer", "Basic x", minted().token]) {
      expect(joinedBy(shown, here).ok, String(shown)).to.equal(false);
    }
  });

  it("ends with its token, and says what became of it", () => {
    const { token, id } = minted();
    const joining = show(token);
    if (!joining.ok) return expect.fail(joining.message);
    expect(isWithdrawn(joining.proof, checks)).to.equal(false);
    denied = new Set([id]);
    expect(isWithdrawn(joining.proof, checks)).to.equal(true);
    expect(why(show(token)))
      .to.include("it was revoked")
      .and.include("smartcall join");
    denied = new Set(["gateway/g2"]);
    expect(isWithdrawn(joining.proof, checks)).to.equal(true);
    denied = new Set();
    now = new Date(now.getTime() + 60_000);
    expect(isWithdrawn(joining.proof, checks)).to.equal(true);
    expect(why(show(token))).to.include("it expired at 2026-03-01T12:01:00.000Z");
    expect(isWithdrawn({ kind: "owner" }, checks)).to.equal(false);
  });

  it("has its signature verified once by the same keys, and again by others", async () => {
    let verified = 0;
    const counted = ([first]: SigningKeys): SigningKeys => [
      Object.defineProperty({ ...first }, "publicKey", {
        get: () => {
          verified += 1;
          return first.publicKey;
        },
      }),
    ];
    const { token } = minted();
    keys = counted(keys);
    for (let each = 0; each < 100; each++) expect(show(token).ok).to.equal(true);
    expect(verified).to.equal(1);
    keys = counted(keys);
    expect(show(token).ok).to.equal(true);
    expect(verified).to.be.above(1);
    const stranger = await temporaryState();
    keys = must(await loadSigningKeys(stranger.state, { now, report: own.report }));
    await stranger.remove();
    expect(show(token).ok, "by keys that did not sign it").to.equal(false);
  });

  it("is proved by keys that signed before as well", async () => {
    const { token } = minted({ lifetimeMs: 3_600_000 });
    now = new Date(now.getTime() + 60_000);
    keys = must(await rotateSigningKey(own.state, { now, report: own.report }));
    expect(keys).to.have.length(2);
    expect(show(token).ok).to.equal(true);
  });
});
