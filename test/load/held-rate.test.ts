import { expect } from "chai";
import { coresFor, isHeld } from "./held-rate.ts";

describe("A rate of calls", () => {
  const whole = Array.from({ length: 1_000 }, (_, at) => (at < 960 ? 20 : 400));

  it("is held where each call was answered, and 95 of 100 within 100 ms", () => {
    expect(isHeld({ calls: 1_000, failures: 0, whole }, 100, 10)).to.equal(true);
  });

  it("is not with a failure, with calls that could not begin, or with too many late ones", () => {
    expect(isHeld({ calls: 1_000, failures: 1, whole }, 100, 10)).to.equal(false);
    expect(isHeld({ calls: 900, failures: 0, whole }, 100, 10)).to.equal(false);
    const late = whole.map((ms, at) => (at > 900 ? 100 : ms));
    expect(isHeld({ calls: 1_000, failures: 0, whole: late }, 100, 10)).to.equal(false);
    expect(isHeld({ calls: 0, failures: 0, whole: [] }, 0, 10)).to.equal(false);
  });

  it("needs the cores that its calls keep busy", () => {
    expect(coresFor(10_000, 1.5)).to.equal(15);
  });
});
