import { expect } from "chai";
import { judge, type Run, ratiosToKeep } from "./judge.ts";

describe("the short bench", () => {
  const kept = { edge: 2, kit: 1 };

  it("takes a run that is as good, and makes no second", async () => {
    const { run, made } = runsOf([{ edge: 2.4, kit: 1.2 }]);
    expect(await judge(run, kept)).to.deep.equal([]);
    expect(made()).to.equal(1);
  });

  it("fails by what is worse in both of two runs only", async () => {
    const both = runsOf([
      { edge: 2.6, kit: 1.3 },
      { edge: 2.7, kit: 1 },
    ]);
    expect(await judge(both.run, kept)).to.deep.equal([
      "edge: 2.70 ×, where 2.00 × was kept: over 2.50 ×",
    ]);
    const other = runsOf([
      { edge: 2.6, kit: 1 },
      { edge: 2, kit: 1.3 },
    ]);
    expect(await judge(other.run, kept)).to.deep.equal([]);
  });

  it("fails where a call failed, without a second run, and in the second as in the first", async () => {
    const good = { edge: 2, kit: 1 };
    const failing = runsOf([good], ["edge: 3 calls failed"]);
    expect(await judge(failing.run, kept)).to.deep.equal(["edge: 3 calls failed"]);
    expect(failing.made()).to.equal(1);
    const later = runsOf([{ edge: 9, kit: 1 }, good], [], ["edge: 1 calls failed"]);
    expect(await judge(later.run, kept)).to.deep.equal(["edge: 1 calls failed"]);
  });

  it("keeps the median of several runs", () => {
    const found = [2.118, 1.9, 2.5].map((edge) => runOf({ edge, kit: 1 }, []));
    expect(ratiosToKeep(found)).to.deep.equal({ edge: 2.12, kit: 1 });
  });
});

function runOf(ratios: Readonly<Record<string, number>>, failures: readonly string[]): Run {
  return { ratios: Object.entries(ratios).map(([name, value]) => ({ name, value })), failures };
}

/** Runs that come one after another. */
function runsOf(
  found: readonly Readonly<Record<string, number>>[],
  ...failures: readonly (readonly string[])[]
): { run(): Promise<Run>; made(): number } {
  let made = 0;
  return {
    made: () => made,
    run: async () => {
      const run = runOf(found[made] ?? {}, failures[made] ?? []);
      made += 1;
      return run;
    },
  };
}
