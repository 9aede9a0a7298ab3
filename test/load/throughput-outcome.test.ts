import { expect } from "chai";
import type { Figure } from "./scenario.ts";
import { coresEnough, outcomeOf } from "./throughput-outcome.ts";

describe("What the highest rate came to", () => {
  const process = { role: "edge", pid: 1, samples: [], peakMegabytes: 80, cpuSeconds: 30 };
  const held = {
    rate: 500,
    seconds: 60,
    result: { calls: 30_000, failures: 0, sinceDue: [3, 4, 90], cpuSeconds: 6 },
    usage: { seconds: 60, processes: [process] },
  };
  const figure = (figures: readonly Figure[], what: string): Figure | undefined =>
    figures.find((each) => each.what.startsWith(what));

  it("computes the cores from what 1,000 calls cost", () => {
    const { figures } = outcomeOf(held, { rate: 10_000, cores: 2 });
    expect(figure(figures, "processor seconds for 1,000 calls, edge")?.is).to.equal("1.000");
    expect(figure(figures, "cores for 10,000 a second, computed")?.is).to.equal("10.0");
    expect(figure(figures, "cores for the load generator")?.is).to.equal("2.0");
  });

  it("asks the whole rate of a machine that has the cores, and says of another what it lacks", () => {
    const small = outcomeOf(held, { rate: 10_000, cores: coresEnough - 1 });
    expect(figure(small.figures, "calls a second")?.met).to.equal(undefined);
    expect(small.notMeasured?.[0]).to.include("12 cores or more").and.include("has 11");
    expect(small.notMeasured?.[0]).to.include("need 12.0 with the load generator, computed");
    const large = outcomeOf(held, { rate: 10_000, cores: coresEnough });
    expect(figure(large.figures, "calls a second")?.met).to.equal(false);
    expect(large.notMeasured).to.equal(undefined);
    const enough = outcomeOf({ ...held, rate: 10_000 }, { rate: 10_000, cores: coresEnough });
    expect(figure(enough.figures, "calls a second")?.met).to.equal(true);
  });

  it("asks no less of a mesh that costs more", () => {
    const dear = {
      ...held,
      rate: 300,
      usage: { seconds: 60, processes: [{ ...process, cpuSeconds: 600 }] },
    };
    const { figures } = outcomeOf(dear, { rate: 10_000, cores: coresEnough });
    expect(figure(figures, "cores for 10,000 a second, computed")?.is).to.equal("200.0");
    expect(figure(figures, "calls a second")?.met).to.equal(false);
  });
});
