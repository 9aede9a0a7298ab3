import { expect } from "chai";
import {
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

describe("gateways that are cut off", () => {
  const rowsOf = (known: KnownGateways) => withCutOff([], known, () => 0);

  it("are those that were connected, since they are not, until they are again", () => {
    const both = withConnected(none, new Set(["edge-1", "edge-2"]), 1000);
    expect(rowsOf(both)).to.deep.equal([]);
    const one = withConnected(both, new Set(["edge-1"]), 2000);
    const later = withConnected(one, new Set(["edge-1"]), 3000);
    expect(later).to.equal(one);
    expect(rowsOf(later)).to.deep.equal([
      {
        node: "edge-2",
        streams: [],
        cutOff: { since: "1970-01-01T00:00:02.000Z", revocations: 0 },
      },
    ]);
    expect(rowsOf(withConnected(later, new Set(["edge-1", "edge-2"]), 4000))).to.deep.equal([]);
  });

  it("are shown among the others, with how much they have missed", () => {
    const known = new Map([
      ["b", 5 * minute],
      ["c", undefined],
    ]);
    const row = (node: string) => ({ node, streams: [] });
    const rows = withCutOff([row("a"), row("c")], known, (since) => since / minute);
    expect(rows.map(({ node }) => node)).to.deep.equal(["a", "b", "c"]);
    expect(rows[1]?.cutOff?.revocations).to.equal(5);
  });

  it("outlive the process, for which none is connected when it begins", () => {
    const known = withConnected(new Map([["edge-2", 2000]]), new Set(["edge-1"]), 3000);
    const parsed = parseGateways(printGateways(known), 9000);
    expect(parsed).to.deep.equal(
      new Map([
        ["edge-2", 2000],
        ["edge-1", 9000],
      ]),
    );
    expect(parseGateways("[]", 0)).to.equal(undefined);
    expect(parseGateways('{"gateways":[{}]}', 0)).to.equal(undefined);
  });

  it("are remembered up to a number, those that left last", () => {
    const names = Array.from({ length: mostCutOff + 10 }, (_, index) => `edge-${index}`);
    let known = none;
    for (const [index, name] of names.entries())
      known = withConnected(known, new Set([name]), index);
    expect(known.size).to.equal(mostCutOff + 1);
    expect(known.has("edge-8")).to.equal(false);
    expect(known.has("edge-9")).to.equal(true);
  });

  it("are forgotten after thirty days, or at once where an operator says so", () => {
    const known = new Map([["edge-2", 1000]]);
    expect(withConnected(known, new Set(), 1000 + rememberedMs - 1)).to.equal(known);
    expect(withConnected(known, new Set(), 1000 + rememberedMs)).to.deep.equal(none);
    expect(withoutGateway(known, "edge-2")).to.deep.equal(none);
    expect(withoutGateway(known, "edge-1")).to.equal(known);
  });
});
