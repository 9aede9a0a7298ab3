// What the closing lines of a run tell.
import { expect } from "chai";
import { closingLine, failureLine, failureLines, sum } from "../ci/counts.ts";

describe("the closing lines", () => {
  const one = { passed: 3, failed: 1, failures: ["a call: expected 1 to equal 0"] };

  it("add up what passed and failed, and name each failure of each part", () => {
    const all = sum([one, { passed: 2, failed: 0 }, { passed: 0, failed: 1, failures: ["b: no"] }]);
    expect(closingLine(all)).to.equal("5 passed, 2 failed");
    expect(failureLines(all)).to.equal("✗ a call: expected 1 to equal 0\n✗ b: no\n");
    expect(failureLines({ passed: 1, failed: 0 })).to.equal("");
  });

  it("stay short where much failed, or one failure says much", () => {
    const failures = Array.from({ length: 23 }, (_, at) => `test ${at}: no`);
    const lines = failureLines({ passed: 0, failed: 23, failures }).split("\n");
    expect(lines.at(-2)).to.equal("… and 3 more");
    expect(lines).to.have.length(22);
    expect(failureLine("a call", "no\n+ expected\n- actual")).to.equal("a call: no …");
  });

  it("keep both ends of a long failure: which test it was, and what it expected", () => {
    const said = `{"answers":[${'"200",'.repeat(2_000)}"200"]}: expected 240 to be at most 200`;
    const line = failureLine("a call", `${said}\n+ expected\n- actual`);
    expect(line).to.have.length(400);
    expect(line).to.match(
      /^a call: \{"answers":\["200",.* … .*"\]\}: expected 240 to be at most 200 …$/,
    );
  });
});
