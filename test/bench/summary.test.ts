import { expect } from "chai";
import { ratios } from "./ratios.ts";
import type { RowId } from "./row-types.ts";
import { figure, median, type Summary } from "./summary.ts";

describe("the arithmetic of the bench", () => {
  it("takes the middle of rounds, and says how far they lie apart", () => {
    expect(median([5, 1, 3])).to.equal(3);
    expect(median([4, 1, 2, 9])).to.equal(3);
    expect(figure([5, 1, 3])).to.deep.equal({ median: 3, least: 1, most: 5 });
  });

  it("says of each promise whether it was kept, by the processes that it is about", () => {
    const rows = [
      row("direct", { agent: 1.2 }, 10),
      row("direct-bare", { agent: 1 }, 10),
      row("transcoder", { gateway: 2, agent: 9 }, 10),
      row("transcoder-tls", { gateway: 2.5, agent: 9 }, 10),
      row("edge", { gateway: 2.4, agent: 9 }, 12),
      row("edge-budget", { gateway: 4, quota: 9 }, 14),
      row("edge-sidecar", { gateway: 2.6, sidecar: 1.2 }, 15.5),
      row("express", { gateway: 8 }, 14),
    ];
    const found = ratios(rows).map(({ name, value, met }) => [name, +value.toFixed(2), met]);
    for (const kind of ["unary", "stream"]) {
      expect(found).to.deep.include.members([
        [`edge / transcoder only, ${kind}`, 1.2, true],
        [`edge / transcoder only with TLS, ${kind}`, 0.96, true],
        [`edge with a budget / transcoder only, ${kind}`, 2, true],
        [`what the sidecar adds / transcoder only, ${kind}`, 0.7, false],
        [`agent on the kit / on bare grpc-js, ${kind}`, 1.2, false],
        [`edge / express as the edge, ${kind}`, 0.3, true],
      ]);
    }
    expect(found).to.deep.include.members([
      ["first event later, edge, P50", 2, true],
      ["first event later, edge-sidecar, P50", 5.5, false],
    ]);
    expect(found).to.have.length(16);
  });

  it("says nothing of rows that were not measured, and keeps no promise by what a row lacks", () => {
    const rows = [row("direct", {}, 10), row("direct-bare", { agent: 1 }, 10)];
    expect(ratios(rows).map(({ name, met }) => [name, met])).to.deep.equal([
      ["agent on the kit / on bare grpc-js, unary", false],
      ["agent on the kit / on bare grpc-js, stream", false],
    ]);
  });
});

function row(id: RowId, costs: Readonly<Record<string, number>>, first: number): Summary {
  const one = figure([1]);
  const cpu = Object.fromEntries(
    Object.entries(costs).map(([name, value]) => [name, figure([value])]),
  );
  const modest = { p50: 1, p95: 1 };
  const kind = { perSecond: one, p50: one, p95: one, p99: one, failures: 0, cpu, modest };
  const stream = { ...kind, cpuOfEvents: cpu, first: { p50: first, p95: first } };
  return { id, name: id, unary: kind, stream, megabytes: {} };
}
