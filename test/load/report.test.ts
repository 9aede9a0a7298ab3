import { expect } from "chai";
import { passed, reportOf } from "./report.ts";
import type { Outcome } from "./scenario.ts";

describe("The report of a load scenario", () => {
  const outcome: Outcome = {
    done: "Nothing, for 3 seconds.",
    figures: [
      { what: "time | of a call", is: "12.4 ms", asked: "under 100 ms", met: true },
      { what: "calls", is: "3" },
    ],
    failures: [],
  };

  it("passes where nothing failed and every figure is what was asked", () => {
    expect(passed(outcome)).to.equal(true);
    expect(passed({ ...outcome, failures: ["a call: 500"] })).to.equal(false);
    const missed = { what: "calls", is: "3", asked: "4", met: false };
    expect(passed({ ...outcome, figures: [...outcome.figures, missed] })).to.equal(false);
  });

  it("says on what machine and when, each figure in a row, and what failed in a list", () => {
    const report = reportOf({
      name: "none",
      shows: "Shows nothing.",
      machine: "2 × something",
      date: new Date("2026-01-02T03:04:05Z"),
      outcome: { ...outcome, failures: ["a call:\n500"], notMeasured: ["the rest"] },
      beside: ["dashboard.html"],
    });
    expect(report).to.equal(`# none: failed

Shows nothing.

Nothing, for 3 seconds.

2 × something; 2026-01-02 03:04 UTC.

|  | is | asked |  |
| --- | --- | --- | --- |
| time \\| of a call | 12.4 ms | under 100 ms | met |
| calls | 3 |  |  |

## What failed

- a call: 500

## Not measured

- the rest

## More

- [dashboard.html](dashboard.html)

`);
  });
});
