import { expect } from "chai";
import { readReport } from "../ci/pytest-report.ts";

const report =
  (tests: number, failures: number, skipped = 0, errors = 0) =>
  (): string =>
    `<?xml version="1.0"?><testsuites><testsuite name="pytest" errors="${errors}" ` +
    `failures="${failures}" skipped="${skipped}" tests="${tests}" time="1.0"></testsuite></testsuites>`;

describe("the report of pytest", () => {
  it("counts each test, and the coverage as one more", () => {
    expect(readReport(0, report(7, 0))).to.deep.equal({ passed: 8, failed: 0 });
    expect(readReport(1, report(7, 0))).to.deep.equal({ passed: 7, failed: 1 });
  });

  it("counts what failed, could not be run, or was skipped as failures", () => {
    expect(readReport(1, report(7, 2))).to.deep.include({ passed: 5, failed: 2 });
    expect(readReport(1, report(7, 1, 1, 1))).to.deep.include({ passed: 4, failed: 3 });
    expect(readReport(0, report(7, 0, 7))).to.deep.include({ passed: 0, failed: 7 });
  });

  it("is one failure where there is none, or no test was run", () => {
    expect(readReport(0, report(0, 0))).to.deep.equal({ passed: 0, failed: 1 });
    const none = (): string => {
      throw new Error("no such file");
    };
    expect(readReport(0, none)).to.deep.equal({ passed: 0, failed: 1 });
  });

  it("names what failed, and why", () => {
    const failed =
      report(2, 1)() +
      '<testcase classname="tests.a" name="test_one" time="0.1" />' +
      '<testcase classname="tests.a" name="test_two" time="0.1">' +
      '<failure message="assert &quot;a&quot; == 1&#10; +  where a &lt; b">def …</failure></testcase>';
    expect(readReport(1, () => failed).failures).to.deep.equal(['test_two: assert "a" == 1 …']);
  });
});
