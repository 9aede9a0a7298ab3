import { expect } from "chai";
import { type Allowance, admit } from "./connect-rate.ts";

describe("the rate of connections", () => {
  it("A82 admits a burst, then as many as the rate allows", () => {
    const rate = { perSecond: 10, burst: 3 };
    let allowance: Allowance | undefined;
    const admitted = [0, 0, 0, 0, 100, 100, 300].map((now) => {
      const { admitted, next } = admit(rate, allowance, now);
      allowance = next;
      return admitted;
    });
    expect(admitted).to.deep.equal([true, true, true, false, true, false, true]);
  });
});
