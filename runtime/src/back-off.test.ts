import { expect } from "chai";
import { deathsAfter, longestWaitMs, waitAfter, wellAfterMs } from "./back-off.ts";

describe("the back-off of a process that dies", () => {
  it("doubles from death to death, up to a bound that keeps the control plane back within 5 s", () => {
    expect([1, 2, 3, 4, 5, 60].map(waitAfter)).to.deep.equal([200, 400, 800, 1600, 3000, 3000]);
    expect(longestWaitMs).to.be.lessThan(5_000);
  });

  it("begins anew once the process has lived well", () => {
    expect(deathsAfter(4, wellAfterMs - 1)).to.equal(5);
    expect(deathsAfter(4, wellAfterMs)).to.equal(1);
  });
});
