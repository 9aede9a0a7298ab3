import { expect } from "chai";
import { coresFor, isHeld } from "./held-rate.ts";

describe("A rate of calls", () => {
  const sinceDue = Array.from({ length: 1_000 }, (_, at) => (at < 960 ? 20 : 400));
  const result = { calls: 1_000, failures: 0, seconds: 10.2, sinceDue };

  it("is held where each call was answered, and 95 of 100 within 100 ms of when they were due", () => {
    expect(isHeld(result, 100, 10)).to.equal(true);
  });

  it("is not with a failure, with calls that could not begin, or with too many late ones", () => {
    expect(isHeld({ ...result, failures: 1 }, 100, 10)).to.equal(false);
    expect(isHeld({ ...result, calls: 900 }, 100, 10)).to.equal(false);
    const late = sinceDue.map((ms, at) => (at > 900 ? 100 : ms));
    expect(isHeld({ ...result, sinceDue: late }, 100, 10)).to.equal(false);
    expect(isHeld({ ...result, calls: 0, sinceDue: [] }, 0, 10)).to.equal(false);
  });

  it("is not where its calls took twice the time", () => {
    expect(isHeld({ ...result, seconds: 20 }, 100, 10)).to.equal(false);
  });

  it("needs the cores that its calls keep busy", () => {
    expect(coresFor(10_000, 1.5)).to.equal(15);
  });
});
