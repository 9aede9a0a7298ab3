import { expect } from "chai";
import { countAgainst } from "./rate.ts";

describe("a rate", () => {
  it("admits a burst, then as many as it allows, and never more than a burst after a quiet time", () => {
    let now = 0;
    const take = countAgainst({ perSecond: 10, burst: 3 }, () => now);
    const takenAt = [0, 0, 0, 0, 100, 100, 300, 10_000, 10_000, 10_000, 10_000].map((at) => {
      now = at;
      return take();
    });
    const first = [true, true, true, false, true, false, true];
    expect(takenAt).to.deep.equal([...first, true, true, true, false]);
  });

  it("counts what weighs more as so many, and has it take what is left where that is too few", () => {
    let now = 0;
    const take = countAgainst({ perSecond: 10, burst: 10 }, () => now);
    expect([7, 2, 2, 1].map((weight) => take(weight))).to.deep.equal([true, true, false, false]);
    now = 500;
    expect([5, 1].map((weight) => take(weight))).to.deep.equal([true, false]);
  });

  it("takes a clock that goes back as one that stands", () => {
    let now = 1_000;
    const take = countAgainst({ perSecond: 1, burst: 1 }, () => now);
    expect(take()).to.equal(true);
    now = 0;
    expect(take()).to.equal(false);
  });
});
