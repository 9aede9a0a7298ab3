import { expect } from "chai";
import type { Reach } from "../instance.ts";
import { type FakeClock, fakeClock } from "../leases/fake-clock.test.ts";
import { isLoopback } from "./address.ts";
import {
  type AddressNote,
  type FollowedAddresses,
  followAddresses,
  type Place,
} from "./follow-addresses.ts";
import { resolveHost } from "./resolve-host.ts";

describe("addresses behind names", () => {
  let clock: FakeClock;
  let answers: Map<string, readonly string[] | Error>;
  let asked: string[];
  let changes: number;
  let notes: AddressNote[];
  let followed: FollowedAddresses;

  beforeEach(() => {
    clock = fakeClock();
    answers = new Map();
    asked = [];
    changes = 0;
    notes = [];
    followed = followAddresses({
      clock,
      resolve: async (host) => {
        asked.push(host);
        const answer = answers.get(host) ?? [];
        if (answer instanceof Error) throw answer;
        return answer;
      },
      change: () => {
        changes += 1;
      },
      say: (note) => notes.push(note),
    });
  });
  afterEach(() => followed.close());

  const place = (host: string, reach: Reach = "sidecar") => ({ host, port: 50_051, reach });
  let places: ReadonlyMap<string, Place> = new Map();
  const list = async (of: ReadonlyMap<string, Place>): Promise<void> => {
    places = of;
    await followed.follow(of.values());
  };
  const of = (agent: string): readonly string[] =>
    (followed.instances(places).get(agent) ?? []).map(({ id }) => id);
  /** Lets what was asked come back. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const later = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settle();
  };

  it("are instances of their agents, sorted, each once", async () => {
    answers.set("writer.internal", ["10.0.0.9", "10.0.0.10", "10.0.0.9"]);
    answers.set("poet.internal", ["2001:db8::1"]);
    await list(
      new Map([
        ["writer", place("writer.internal")],
        ["editor", place("writer.internal")],
        ["poet", place("poet.internal")],
      ]),
    );
    expect(of("writer")).to.deep.equal(["10.0.0.10:50051", "10.0.0.9:50051"]);
    expect(of("editor")).to.deep.equal(of("writer"));
    expect(of("poet")).to.deep.equal(["[2001:db8::1]:50051"]);
    expect(asked).to.deep.equal(["writer.internal", "poet.internal"]);
  });

  it("are looked up again every five seconds, and told of only where they are others", async () => {
    answers.set("writer.internal", ["10.0.0.1", "10.0.0.2"]);
    await list(new Map([["writer", place("writer.internal")]]));
    expect(changes).to.equal(1);
    answers.set("writer.internal", ["10.0.0.2", "10.0.0.1"]);
    await later(4_999);
    expect(asked).to.have.length(1);
    await later(1);
    expect(asked).to.have.length(2);
    expect(changes).to.equal(1);
    answers.set("writer.internal", ["10.0.0.3"]);
    await later(5_000);
    expect(changes).to.equal(2);
    expect(of("writer")).to.deep.equal(["10.0.0.3:50051"]);
  });

  it("stay where looking up fails or finds nothing, which is said once", async () => {
    answers.set("writer.internal", ["10.0.0.1"]);
    await list(new Map([["writer", place("writer.internal")]]));
    const gone = Object.assign(new Error("no"), { code: "ENOTFOUND" });
    for (const answer of [gone, gone, []]) {
      answers.set("writer.internal", answer);
      await later(5_000);
      expect(of("writer")).to.deep.equal(["10.0.0.1:50051"]);
    }
    answers.set("writer.internal", ["10.0.0.1"]);
    await later(5_000);
    expect(notes.map(({ level, message }) => `${level} ${message}`)).to.deep.equal([
      "warn it cannot be looked up (ENOTFOUND); its last addresses stay: 10.0.0.1",
      "warn it cannot be looked up (it has no addresses); its last addresses stay: 10.0.0.1",
      "info it has addresses again: 10.0.0.1",
    ]);
    expect(changes).to.equal(1);
  });

  it("are on this machine where they are reached in the clear", async () => {
    answers.set("localhost", ["127.0.0.1", "10.0.0.1", "::1"]);
    await list(new Map([["writer", place("localhost", "plain")]]));
    expect(of("writer")).to.deep.equal(["127.0.0.1:50051", "[::1]:50051"]);
  });

  it("are reached as their place says", async () => {
    answers.set("writer.internal", ["10.0.0.1"]);
    answers.set("localhost", ["127.0.0.1"]);
    await list(
      new Map([
        ["writer", place("writer.internal")],
        ["poet", place("writer.internal", "authority")],
        ["echo", place("localhost", "plain")],
      ]),
    );
    const reach = [...followed.instances(places).values()].map(([first]) => first?.reach);
    expect(reach).to.deep.equal(["sidecar", "authority", "plain"]);
  });

  it("are forgotten with the last agent that names them, and found anew", async () => {
    answers.set("writer.internal", ["10.0.0.1"]);
    await list(new Map([["writer", place("writer.internal")]]));
    await list(new Map());
    await later(60_000);
    expect(asked).to.have.length(1);
    answers.set("writer.internal", ["10.0.0.2"]);
    await list(new Map([["writer", place("writer.internal")]]));
    expect(of("writer")).to.deep.equal(["10.0.0.2:50051"]);
  });

  it("are not waited for longer than two seconds, nor followed once closed", async () => {
    let answer = (_: readonly string[]): void => undefined;
    const slow = followAddresses({
      clock,
      resolve: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      change: () => {
        changes += 1;
      },
      say: () => undefined,
    });
    const writer = place("writer.internal");
    const looked = slow.follow([writer]);
    clock.advance(2_000);
    await looked;
    expect(slow.instances(new Map([["writer", writer]])).get("writer")).to.deep.equal([]);
    slow.close();
    answer(["10.0.0.1"]);
    await later(60_000);
    expect(changes).to.equal(0);
  });

  it("of this machine's own name are loopback's", async () => {
    const found = await resolveHost("localhost");
    expect(found).to.not.deep.equal([]);
    expect(found.every(isLoopback), found.join()).to.equal(true);
  });
});
