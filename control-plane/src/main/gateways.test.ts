import { expect } from "chai";
import { emptySnapshot, type Snapshot, versionOf } from "../snapshot/index.ts";
import { type KnownGateways, parseGateways } from "../status/index.ts";
import type { StreamEvent } from "../xds/index.ts";
import { createGateways } from "./gateways.ts";

/** What happens on a stream, without its moment. */
type Happens<E = StreamEvent> = E extends StreamEvent ? Omit<E, "at" | "stream"> : never;

describe("what gateways have taken of what was revoked", () => {
  let text: string;
  let gateways: ReturnType<typeof createGateways>;
  const begin = (known: KnownGateways = new Map()): void => {
    const keepGateways = {
      keep(next: string) {
        text = next;
      },
      settled: () => Promise.resolve(),
    };
    gateways = createGateways({ gateways: known, keepGateways });
  };
  beforeEach(() => begin());

  const snapshot = (list: string): Snapshot => {
    const denied = { name: "denied", version: list, body: new Uint8Array() };
    return { ...emptySnapshot, extension: new Map([["denied", denied]]) };
  };
  const build = (list: string, revokedUntil: number): void => {
    gateways.note(snapshot, () => revokedUntil)(list);
  };
  const version = (list: string): string => versionOf(snapshot(list).extension);
  const on = (stream: string, ...all: readonly Happens[]): void => {
    for (const each of all) gateways.observe({ at: 50, stream, ...each });
  };
  const comes = (stream: string, id: string): void => {
    on(stream, { kind: "opened", variant: "delta", proof: { kind: "owner" } });
    on(stream, { kind: "identified", node: { id, cluster: "", version: "" } });
  };
  const acks = (list: string): Happens => ({
    kind: "acked",
    type: "extension",
    nonce: list,
    version: version(list),
  });
  const closes: Happens = { kind: "closed", reason: "gone" };
  /** Of what was revoked at 10, 20 and 30, how much each has missed. */
  const missed = () =>
    gateways
      .rows((moment) => [10, 20, 30].filter((at) => at > moment).length)
      .map(({ node, cutOff, revocationsMissed }) => [
        node,
        cutOff?.revocations ?? revocationsMissed,
      ]);

  it("counts from what each answered for, while it hangs and when it is gone", () => {
    build("one", 10);
    for (const id of ["g1", "g2"]) comes(id, id);
    on("g1", acks("one"));
    on("g2", acks("one"));
    build("three", 30);
    on("g1", acks("three"));
    expect(missed()).to.deep.equal([
      ["g1", undefined],
      ["g2", 2],
    ]);
    on("g2", closes);
    expect(missed()[1]).to.deep.equal(["g2", 2]);
    on("g1", closes);
    expect(missed()[0]).to.deep.equal(["g1", 0]);
  });

  it("shows sidecars while they are connected, and waits for none that is gone", () => {
    const node = { id: "planner/one", cluster: "agent/planner", version: "" };
    on("s", { kind: "opened", variant: "delta", proof: { kind: "owner" } });
    on("s", { kind: "identified", node });
    expect(gateways.rows(() => 0).map((row) => [row.node, row.streams[0]?.cluster])).to.deep.equal([
      ["planner/one", "agent/planner"],
    ]);
    on("s", closes);
    expect(gateways.rows(() => 0)).to.deep.equal([]);
  });

  it("knows it after the process has ended", () => {
    build("two", 20);
    comes("s", "g2");
    on("s", acks("two"));
    expect(missed()).to.deep.equal([["g2", 1]]);
    begin(parseGateways(text, 90));
    expect(missed()).to.deep.equal([["g2", 1]]);
    comes("t", "g2");
    expect(missed()).to.deep.equal([["g2", 1]]);
    build("three", 30);
    on("t", { kind: "held", type: "extension", version: version("three") });
    expect(missed()).to.deep.equal([["g2", undefined]]);
  });

  it("takes no answer for an unknown version, and no refused list, for one", () => {
    build("three", 30);
    comes("s", "g2");
    on("s", acks("of another process"));
    expect(missed()).to.deep.equal([["g2", 3]]);
    on("s", {
      kind: "nacked",
      node: "g2",
      type: "extension",
      nonce: "n",
      version: version("three"),
      refusal: { code: 3, message: "no" },
      suspects: [{ name: "denied", origin: undefined }],
    });
    on("s", acks("three"));
    expect(missed()).to.deep.equal([["g2", 3]]);
    on("s", { kind: "recovered", type: "extension" });
    expect(missed()).to.deep.equal([["g2", undefined]]);
  });

  it("sees that a list which comes back is there already, and nobody answers for it", () => {
    build("same", 10);
    comes("s", "g1");
    on("s", acks("same"));
    expect(missed()).to.deep.equal([["g1", 2]]);
    build("same", 30);
    expect(missed()).to.deep.equal([["g1", undefined]]);
  });

  it("believes of two streams with one id the one that knows less", () => {
    build("one", 10);
    build("three", 30);
    comes("s", "g1");
    comes("t", "g1");
    on("s", acks("one"));
    on("t", acks("three"));
    expect(missed()).to.deep.equal([["g1", 2]]);
  });
});
