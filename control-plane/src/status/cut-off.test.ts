import { expect } from "chai";
import {
  type KnownGateway,
  type KnownGateways,
  mostCutOff,
  parseGateways,
  printGateways,
  rememberedMs,
  withConnected,
  withCutOff,
  withoutGateway,
} from "./cut-off.ts";

const none: KnownGateways = new Map();
const minute = 60_000;
/** Connected, none of which has said what it took. */
const these = (...nodes: readonly string[]) =>
  new Map(nodes.map((node) => [node, undefined] as const));
const known = (since: number | undefined, revokedUntil?: number): KnownGateway => ({
  since,
  revokedUntil,
});

describe("gateways that are cut off", () => {
  const rowsOf = (all: KnownGateways) => withCutOff([], all, () => 0);

  it("are those that were connected, since they are not, until they are again", () => {
    const both = withConnected(none, these("edge-1", "edge-2"), 1000);
    expect(rowsOf(both)).to.deep.equal([]);
    const one = withConnected(both, these("edge-1"), 2000);
    const later = withConnected(one, these("edge-1"), 3000);
    expect(later).to.equal(one);
    expect(rowsOf(later)).to.deep.equal([
      {
        node: "edge-2",
        streams: [],
        cutOff: { since: "1970-01-01T00:00:02.000Z", revocations: 0 },
      },
    ]);
    expect(rowsOf(withConnected(later, these("edge-1", "edge-2"), 4000))).to.deep.equal([]);
  });

  it("have missed what was revoked since they took something, not since they are missed", () => {
    const took = withConnected(none, new Map([["g2", 3 * minute]]), 4 * minute);
    // It hangs: connected, and silent.
    expect(withConnected(took, these("g2"), 5 * minute)).to.equal(took);
    const gone = withConnected(took, these(), 9 * minute);
    const at = [2, 3, 5, 8].map((moment) => moment * minute);
    const rows = withCutOff([], gone, (since) => at.filter((each) => each > since).length);
    expect(rows[0]?.cutOff).to.deep.equal({
      since: "1970-01-01T00:09:00.000Z",
      revocations: 2,
    });
  });

  it("are shown among the others, each with how much it has missed", () => {
    const all = new Map([
      ["a", known(undefined, 4 * minute)],
      ["b", known(5 * minute, 3 * minute)],
      ["c", known(undefined, 9 * minute)],
      ["d", known(5 * minute)],
    ]);
    const row = (node: string) => ({ node, streams: [] });
    const rows = withCutOff([row("a"), row("c")], all, (since) => 9 - since / minute);
    expect(rows.map(({ node }) => node)).to.deep.equal(["a", "b", "c", "d"]);
    expect(rows.map(({ revocationsMissed }) => revocationsMissed)).to.deep.equal([
      5,
      undefined,
      undefined,
      undefined,
    ]);
    expect(rows.map(({ cutOff }) => cutOff?.revocations)).to.deep.equal([
      undefined,
      6,
      undefined,
      9,
    ]);
  });

  it("outlive the process, for which none is connected when it begins", () => {
    const before = new Map([["edge-2", known(2000)]]);
    const all = withConnected(before, new Map([["edge-1", 1500]]), 3000);
    const parsed = parseGateways(printGateways(all), 9000);
    expect(parsed).to.deep.equal(
      new Map([
        ["edge-2", known(2000)],
        ["edge-1", known(9000, 1500)],
      ]),
    );
    for (const wrong of [
      "[]",
      '{"gateways":[{}]}',
      '{"gateways":[{"node":"a","revokedUntil":""}]}',
    ]) {
      expect(parseGateways(wrong, 0), wrong).to.equal(undefined);
    }
  });

  it("are remembered up to a number, those that left last", () => {
    const names = Array.from({ length: mostCutOff + 10 }, (_, index) => `edge-${index}`);
    let all = none;
    for (const [index, name] of names.entries()) all = withConnected(all, these(name), index);
    expect(all.size).to.equal(mostCutOff + 1);
    expect(all.has("edge-8")).to.equal(false);
    expect(all.has("edge-9")).to.equal(true);
  });

  it("are forgotten after thirty days, or at once where an operator says so", () => {
    const all = new Map([["edge-2", known(1000)]]);
    expect(withConnected(all, these(), 1000 + rememberedMs - 1)).to.equal(all);
    expect(withConnected(all, these(), 1000 + rememberedMs)).to.deep.equal(none);
    expect(withoutGateway(all, "edge-2")).to.deep.equal(none);
    expect(withoutGateway(all, "edge-1")).to.equal(all);
  });
});
