import { expect } from "chai";
import { shares, stickyHeader } from "./sticky.ts";

describe("sticky routes", () => {
  const weights = (...of: readonly number[]): readonly number[] =>
    shares(of.map((weight, index) => ({ agent: `a${index}`, weight }))).map(({ weight }) => weight);

  it("have the same shares whatever weights they are written with", () => {
    expect(weights(95, 5)).to.deep.equal([950_000_000, 50_000_000]);
    expect(weights(19, 1)).to.deep.equal(weights(95, 5));
    expect(weights(0, 1, 0)).to.deep.equal([0, 1_000_000_000, 0]);
    expect(weights(1, 1, 1).reduce((sum, each) => sum + each)).to.equal(1_000_000_000);
  });

  it("keep the header of each claim apart from all others", () => {
    expect(stickyHeader("sub")).to.equal("smartcall-sticky-sub");
    const headers = ["team", "Team", "te_am", "te_005fam", "te-am"].map(stickyHeader);
    expect(new Set(headers).size).to.equal(headers.length);
    for (const header of headers) expect(header).to.match(/^[a-z0-9_-]+$/);
  });
});
