import { expect } from "chai";
import { flatnessFigures, growth } from "./flatness.ts";
import type { Sample, Usage } from "./usage.ts";

describe("What a process holds over a long load", () => {
  const over = (
    count: number,
    megabytes: (at: number) => number,
    openFiles: (at: number) => number = () => 20,
  ): readonly Sample[] =>
    Array.from({ length: count }, (_, at) => ({
      seconds: at,
      megabytes: megabytes(at),
      openFiles: openFiles(at),
    }));
  const verdicts = (samples: readonly Sample[]): readonly (boolean | undefined)[] => {
    const process = { role: "edge", pid: 1, samples, peakMegabytes: 0, cpuSeconds: 0 };
    const usage: Usage = { seconds: samples.length, processes: [process] };
    return flatnessFigures(usage).map(({ met }) => met);
  };

  it("is flat where it only grows at first, or swings", () => {
    expect(verdicts(over(600, (at) => Math.min(100, 50 + at)))).to.deep.equal([true, true]);
    const swinging = over(
      600,
      (at) => 100 + 20 * (at % 2),
      (at) => 20 + (at % 3),
    );
    expect(verdicts(swinging)).to.deep.equal([true, true]);
  });

  it("is not where memory or open files go on growing", () => {
    expect(verdicts(over(600, (at) => 100 + at / 20))).to.deep.equal([false, true]);
    const leaking = over(
      600,
      () => 100,
      (at) => 20 + Math.floor(at / 100),
    );
    expect(verdicts(leaking)).to.deep.equal([true, false]);
  });

  it("is told by the medians of the first and the last quarter once warm", () => {
    const samples = over(30, (at) => at);
    expect(growth(samples, ({ megabytes }) => megabytes)).to.deep.equal({ from: 12, to: 27 });
  });

  it("is not told of a load that was too short", () => {
    expect(verdicts(over(20, () => 100))).to.deep.equal([false, false]);
  });
});
