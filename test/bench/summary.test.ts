import { expect } from "chai";
import { madeUpRow } from "./made-up-row.ts";
import { ratios } from "./ratios.ts";
import type { RowId } from "./row-types.ts";
import { difference, failedCalls, figure, median, type Summary } from "./summary.ts";

describe("the arithmetic of the bench", () => {
  it("takes the middle of rounds, and says how far they lie apart", () => {
    expect(median([5, 1, 3])).to.equal(3);
    expect(median([4, 1, 2, 9])).to.equal(3);
    expect(figure([5, 1, 3])).to.deep.equal({ median: 3, least: 1, most: 5, rounds: [5, 1, 3] });
  });

  it("compares what was measured in the same round", () => {
    const later = difference(figure([5, 1, 3]), figure([4, 1, 1]));
    expect(later).to.deep.equal({ median: 1, least: 0, most: 2, rounds: [1, 0, 2] });
  });

  it("says of each promise whether it was kept, by the processes that it is about", () => {
    const rows = [
      row("direct", { agent: 1.2 }, 10),
      row("direct-bare", { agent: 1 }, 10),
      row("transcoder", { gateway: 2, agent: 9 }, 10),
      row("transcoder-tls", { gateway: 2.5, agent: 9 }, 10),
      row("edge", { gateway: 2.4, agent: 9 }, 12),
      row("edge-budget", { gateway: 4, quota: 3, agent: 9 }, 14),
      row("edge-sidecar", { gateway: 2.6, sidecar: 1.2 }, 15.5),
      row("express", { gateway: 8 }, 14),
    ];
    const found = ratios(rows).map(({ name, value, met }) => [name, +value.toFixed(2), met]);
    for (const kind of ["unary", "stream"]) {
      expect(found).to.deep.include.members([
        [`edge / transcoder only, ${kind}`, 1.2, true],
        [`edge / transcoder only with TLS, ${kind}`, 0.96, true],
        [`edge with a budget / transcoder only, ${kind}`, 2, true],
        [`edge with a budget and the quota service / transcoder only, ${kind}`, 3.5, false],
        [`what the sidecar adds / transcoder only, ${kind}`, 0.7, false],
        [`edge and sidecar / transcoder only, ${kind}`, 1.9, false],
        [`agent on the kit / on bare grpc-js, ${kind}`, 1.2, false],
        [`edge / express as the edge, ${kind}`, 0.3, true],
      ]);
    }
    expect(found).to.deep.include.members([
      ["first event later, edge, P50", 2, true],
      ["first event later, edge-budget, P50", 4, false],
      ["first event later, edge-budget, P95", 4, true],
      ["first event later, edge-sidecar, P50", 5.5, false],
    ]);
    expect(found).to.have.length(22);
  });

  it("judges by the median of what each round came to, and tells how far they lie apart", () => {
    const [found] = ratios([
      madeUpRow("direct", { cpu: { agent: [1, 3, 2] } }),
      madeUpRow("direct-bare", { cpu: { agent: [1, 2, 1] } }),
    ]);
    expect(found).to.include({ value: 1.5, least: 1, greatest: 2, most: 1.15, met: false });
  });

  it("says nothing of rows that were not measured, and keeps no promise by what a row lacks", () => {
    const rows = [row("direct", {}, 10), row("direct-bare", { agent: 1 }, 10)];
    expect(ratios(rows).map(({ name, met }) => [name, met])).to.deep.equal([
      ["agent on the kit / on bare grpc-js, unary", false],
      ["agent on the kit / on bare grpc-js, stream", false],
    ]);
  });

  it("names the rows in which calls failed, with what the first failed by", () => {
    const rows = [madeUpRow("edge", { failures: 2, problem: "429" }), madeUpRow("direct", {})];
    expect(failedCalls(rows)).to.deep.equal([
      'edge, unary: 2 calls failed, the first with "429"',
      'edge, stream: 2 calls failed, the first with "429"',
    ]);
  });
});

function row(id: RowId, costs: Readonly<Record<string, number>>, first: number): Summary {
  const cpu = Object.fromEntries(Object.entries(costs).map(([name, value]) => [name, [value]]));
  return madeUpRow(id, { cpu, first: [first] });
}
