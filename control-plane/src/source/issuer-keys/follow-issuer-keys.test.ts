import { expect } from "chai";
import { type FakeClock, fakeClock } from "../leases/fake-clock.test.ts";
import type { Fetched } from "./fetch-key-set.ts";
import { type FollowedKeys, followIssuerKeys, type KeysNote } from "./follow-issuer-keys.ts";
import { type KeptKeys, parseKeptKeys, printKeptKeys } from "./kept-keys.ts";
import type { KeyPlace } from "./key-place.ts";
import { refreshMs, retryMs } from "./refresh-times.ts";

describe("the keys of issuers", () => {
  let clock: FakeClock;
  let answers: Map<string, Fetched>;
  let asked: string[];
  let kept: readonly KeptKeys[];
  let changes: number;
  let notes: KeysNote[];
  let followed: FollowedKeys;

  const begin = (from: readonly KeptKeys[] = []): void => {
    followed = followIssuerKeys({
      clock,
      random: () => 0.5,
      fetch: async ({ url }) => {
        asked.push(url);
        return answers.get(url) ?? { ok: false, problem: "nobody answers" };
      },
      kept: from,
      keep: (all) => {
        kept = all;
      },
      change: () => {
        changes += 1;
      },
      say: (note) => notes.push(note),
    });
  };
  beforeEach(() => {
    clock = fakeClock();
    answers = new Map();
    asked = [];
    kept = [];
    changes = 0;
    notes = [];
    begin();
  });
  afterEach(() => followed.close());

  const url = "https://login.test/jwks.json";
  const place: KeyPlace = { issuer: "https://login.test", url, internal: false };
  const keys = (text: string, maxAgeMs?: number): Fetched => ({
    ok: true,
    keys: text,
    ignored: 0,
    ...(maxAgeMs !== undefined && { maxAgeMs }),
  });
  const later = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const current = (): string | undefined => followed.keysOf(place.issuer, url);

  it("are there once they were fetched, and fetched again every five minutes", async () => {
    answers.set(url, keys("first"));
    await followed.follow([place]);
    expect(current()).to.equal("first");
    expect(changes).to.equal(1);
    answers.set(url, keys("second"));
    await later(299_000);
    expect(asked).to.have.length(1);
    await later(2_000);
    expect(current()).to.equal("second");
    expect(changes).to.equal(2);
    await later(301_000);
    expect(asked).to.have.length(3);
    expect(changes, "the same again is no change").to.equal(2);
  });

  it("are fetched again as their server says, within bounds", () => {
    const middle = (): number => 0.5;
    expect(refreshMs(undefined, middle)).to.equal(300_000);
    expect(refreshMs(0, middle)).to.equal(60_000);
    expect(refreshMs(120_000, middle)).to.equal(120_000);
    expect(refreshMs(86_400_000, middle)).to.equal(900_000);
    expect(refreshMs(undefined, () => 0)).to.equal(270_000);
  });

  it("are tried for ever more seldom while they cannot be fetched, at no fixed moment", () => {
    const waits = [1, 2, 3, 10, 1_000].map((failures) => retryMs(failures, () => 0.999_999));
    expect(waits.map(Math.round)).to.deep.equal([1_000, 2_000, 4_000, 60_000, 60_000]);
    expect(retryMs(1, () => 0)).to.equal(500);
  });

  it("stay the last ones where fetching fails, and that is said once", async () => {
    answers.set(url, keys("first"));
    await followed.follow([place]);
    notes = [];
    answers.set(url, { ok: false, problem: "it answers 500" });
    for (let look = 0; look < 5; look += 1) await later(400_000);
    expect(current()).to.equal("first");
    expect(notes).to.have.length(1);
    expect(notes[0]).to.include({ level: "warn", issuer: place.issuer });
    expect(notes[0]?.message).to.match(/it answers 500; those of 2026-03-01T12:00:00.000Z stay/);
    expect(followed.standing()).to.deep.equal([
      {
        issuer: place.issuer,
        url,
        keys: 0,
        taken: "2026-03-01T12:00:00.000Z",
        problem: "it answers 500",
      },
    ]);
    answers.set(url, keys("first"));
    await later(61_000);
    expect(notes.at(-1)).to.include({ level: "info" });
    expect(followed.standing()[0]?.problem).to.equal(undefined);
  });

  it("that were never there are missed loudly", async () => {
    await followed.follow([place]);
    expect(current()).to.equal(undefined);
    expect(notes[0]?.level).to.equal("error");
    expect(notes[0]?.message).to.match(/nobody answers; until they can, its tokens are REFUSED/);
    expect(changes).to.equal(0);
    answers.set(url, keys("first"));
    await later(1_000);
    expect(current()).to.equal("first");
    expect(changes).to.equal(1);
  });

  it("outlive the process", async () => {
    answers.set(url, keys("first"));
    await followed.follow([place]);
    followed.close();
    const text = printKeptKeys(kept);
    answers.clear();
    begin(parseKeptKeys(text));
    expect(current(), "before anything was asked").to.equal("first");
    await followed.follow([place]);
    expect(current()).to.equal("first");
    expect(notes.at(-1)?.level).to.equal("warn");
    expect(parseKeptKeys("{}")).to.equal(undefined);
    expect(parseKeptKeys(text.replace("first", "second"))?.[0]?.keys).to.equal("second");
  });

  it("from one address do not count for another", async () => {
    answers.set(url, keys("first"));
    await followed.follow([place]);
    const moved = { ...place, url: "https://elsewhere.test/jwks.json" };
    await followed.follow([moved]);
    expect(followed.keysOf(moved.issuer, moved.url)).to.equal(undefined);
    await later(400_000);
    expect(asked.filter((each) => each === url)).to.have.length(1);
  });

  it("are fetched anew at once where other authorities vouch for their server", async () => {
    answers.set(url, keys("first"));
    await followed.follow([place]);
    await followed.follow([place]);
    expect(asked).to.have.length(1);
    await followed.follow([{ ...place, authorities: "PEM" }]);
    expect(asked).to.have.length(2);
    expect(current()).to.equal("first");
  });

  it("are waited for no longer than two seconds", async () => {
    followed.close();
    followed = followIssuerKeys({
      clock,
      random: () => 0,
      fetch: () => new Promise(() => undefined),
      kept: [],
      keep: () => undefined,
      change: () => undefined,
      say: () => undefined,
    });
    let done = false;
    const waiting = followed.follow([place]).then(() => {
      done = true;
    });
    await later(1_999);
    expect(done).to.equal(false);
    await later(2);
    await waiting;
  });
});
