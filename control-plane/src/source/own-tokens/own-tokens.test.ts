import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import {
  type AuditEntry,
  checkToken,
  loadSigningKeys,
  longestTokenLifetimeMs,
  type SigningKeys,
} from "../../state/index.ts";
import { must, type TemporaryState, temporaryState } from "../../state/temporary-state.test.ts";
import { type FakeClock, fakeClock } from "../leases/fake-clock.test.ts";
import { type OwnTokens, openOwnTokens } from "./own-tokens.ts";

const day = 86_400_000;

describe("API keys and revocations", () => {
  let temporary: TemporaryState;
  let clock: FakeClock;
  let signingKeys: SigningKeys;
  let entries: AuditEntry[];
  let changes: number;
  let own: OwnTokens;

  const open = async (): Promise<OwnTokens> =>
    must(
      await openOwnTokens(temporary.state, {
        mesh: () => "demo",
        signingKeys: () => signingKeys,
        now: () => new Date(clock.now()),
        clock,
        audit: { note: (entry) => entries.push(entry) },
        report: temporary.report,
        changed: () => {
          changes += 1;
        },
      }),
    );
  beforeEach(async () => {
    temporary = await temporaryState();
    clock = fakeClock();
    entries = [];
    changes = 0;
    const { state, report } = temporary;
    signingKeys = must(await loadSigningKeys(state, { now: new Date(clock.now()), report }));
    own = await open();
  });
  afterEach(async () => {
    await own.close();
    await temporary.remove();
  });

  const order = { subject: "billing", scopes: ["agents:invoke"], lifetimeMs: 90 * day };
  const kept = (name: string): Promise<string> => readFile(join(temporary.folder, name), "utf8");
  const again = async (): Promise<void> => {
    await own.close();
    own = await open();
  };

  it("a key is a token, of which only id, owner, scopes and times are kept", async () => {
    const { token, id } = must(await own.create({ ...order, claims: { plan: "gold" } }, "ann"));
    const now = new Date(clock.now());
    const wanted = { mesh: "demo", scope: "agents:invoke", now };
    expect(checkToken(signingKeys, token, wanted)).to.deep.equal({ ok: true, subject: "billing" });
    expect(own.keys()).to.deep.equal([
      {
        id,
        subject: "billing",
        scopes: ["agents:invoke"],
        created: now,
        expires: new Date(now.getTime() + 90 * day),
      },
    ]);
    const [, payload = "", signature = ""] = token.split(".");
    const text = await kept("api-keys.json");
    expect(text).to.include(id).and.not.include(signature).and.not.include(payload);
    expect(text).to.not.include("gold");
    expect(entries).to.have.length(1);
    expect(entries[0]).to.include({ who: "ann", what: "api keys", outcome: "taken" });
    expect(JSON.stringify(entries)).to.include(id).and.not.include(signature);
  });

  it("keys outlive the process, and are forgotten when they have expired", async () => {
    const first = must(await own.create(order, "ann"));
    const second = must(await own.create({ ...order, lifetimeMs: day }, "ann"));
    await again();
    expect(own.keys().map(({ id }) => id)).to.deep.equal([second.id, first.id]);
    clock.advance(2 * day);
    expect(own.keys().map(({ id }) => id)).to.deep.equal([first.id]);
  });

  it("a key with anything wrong is not made", async () => {
    for (const wrong of [{ subject: "" }, { scopes: ["a b"] }, { claims: { jti: "mine" } }]) {
      const made = await own.create({ ...order, ...wrong }, "ann");
      expect(made.ok, JSON.stringify(wrong)).to.equal(false);
    }
    expect(own.keys()).to.deep.equal([]);
    expect(entries).to.deep.equal([]);
  });

  it("what is revoked is denied at once, kept, and audited", async () => {
    const { id } = must(await own.create(order, "ann"));
    expect(await own.revokeToken(id, "ann")).to.deep.equal({ known: true });
    expect(await own.revokeToken("of-nobody", "ann")).to.deep.equal({ known: false });
    expect(await own.revokeSubject("mallory", "ann")).to.deep.equal({ known: false });
    expect(changes).to.equal(3);
    const denied = { tokens: [id, "of-nobody"].sort(), subjects: ["mallory"] };
    expect(own.denied()).to.deep.equal(denied);
    expect(own.denied()).to.equal(own.denied());
    await again();
    expect(own.denied()).to.deep.equal(denied);
    expect(own.isDenied({ id, subject: "billing" })).to.equal(true);
    expect(own.isDenied({ id: "another", subject: "mallory" })).to.equal(true);
    expect(own.isDenied({ id: "another", subject: "billing" })).to.equal(false);
    const about = entries.filter(({ what }) => what === "revocations").map((each) => each.about);
    expect(about).to.deep.equal([
      `token ${id} revoked`,
      "token of-nobody revoked",
      "subject mallory revoked",
    ]);
  });

  it("a revoked token is dropped once it is dead by itself, a subject never", async () => {
    const { id } = must(await own.create({ ...order, lifetimeMs: day }, "ann"));
    await own.revokeToken(id, "ann");
    await own.revokeToken("of-nobody", "ann");
    await own.revokeSubject("mallory", "ann");
    clock.advance(day);
    expect(own.denied().tokens, "gateways' clocks may be behind").to.include(id);
    clock.advance(day);
    await own.close();
    expect(own.denied()).to.deep.equal({ tokens: ["of-nobody"], subjects: ["mallory"] });
    expect(await kept("revocations.json")).to.not.include(id);
    clock.advance(longestTokenLifetimeMs);
    own = await open();
    expect(own.denied()).to.deep.equal({ tokens: [], subjects: ["mallory"] });
  });

  it("a subject is restored when an operator says so", async () => {
    await own.revokeSubject("mallory", "ann");
    expect(await own.restoreSubject("mallory", "bob")).to.deep.equal({ known: true });
    expect(own.denied()).to.deep.equal({ tokens: [], subjects: [] });
    expect(await own.restoreSubject("mallory", "bob")).to.deep.equal({ known: false });
    expect(entries.at(-1)).to.include({ who: "bob", about: "subject mallory restored" });
  });

  it("a revocation that cannot be kept is in force, and that is said", async () => {
    // A folder in its place keeps the superuser out too.
    await mkdir(join(temporary.folder, "revocations.json"));
    const changed = await own.revokeSubject("mallory", "ann");
    expect(changed.problem?.path).to.include("revocations.json");
    expect(own.denied().subjects).to.deep.equal(["mallory"]);
    expect(temporary.problems).to.have.length(1);
  });

  it("many at once are all there afterwards", async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `token-${index}`);
    await Promise.all(ids.map((id) => own.revokeToken(id, "ann")));
    await again();
    expect(own.denied().tokens).to.deep.equal([...ids].sort());
  });

  const lists = ["revocations.json", "revocations-copy.json"] as const;
  const damage = (name: string) => writeFile(join(temporary.folder, name), '{"tokens":[7]');

  it("a damaged list, or one that is gone, is replaced by its copy, and that is said", async () => {
    await own.revokeSubject("mallory", "ann");
    const text = await kept("revocations.json");
    await damage("revocations.json");
    await again();
    expect(own.denied().subjects).to.deep.equal(["mallory"]);
    await rm(join(temporary.folder, "revocations.json"));
    await again();
    expect(own.denied().subjects).to.deep.equal(["mallory"]);
    expect(temporary.problems.map(({ kind }) => kind)).to.deep.equal(["corrupt", "corrupt"]);
    await damage("revocations-copy.json");
    await again();
    expect(own.denied().subjects).to.deep.equal(["mallory"]);
    for (const name of lists) expect(await kept(name)).to.equal(text);
  });

  it("where both lists are damaged nobody is let in, until an operator says so", async () => {
    await own.revokeSubject("mallory", "ann");
    for (const name of lists) await damage(name);
    await own.close();
    let why = "it opened";
    await open().catch((error: unknown) => {
      why = String(error);
    });
    expect(why).to.match(/What was revoked is lost.*remove both/);
    expect(await kept("revocations.json"), "left as it was").to.equal('{"tokens":[7]');
    for (const name of lists) await rm(join(temporary.folder, name));
    own = await open();
    expect(own.denied().subjects).to.deep.equal([]);
  });
});
