import { expect } from "chai";
import { type Allowed, covers, quietMs } from "./chaos-allowed.ts";

describe("what may fail beside chaos", () => {
  const at = (second: number): string => new Date(second * 1_000).toISOString();
  const allowed: Allowed = { agent: "plain", how: /AGENT_UNAVAILABLE/, least: 0, most: 0.1 };
  const hurts = [
    { from: 10_000, to: 12_000 },
    { from: 20_000, to: 22_000 },
  ];
  const failure = (second: number, agent = "plain", how = "AGENT_UNAVAILABLE"): string =>
    `${at(second)} REST ${agent}: 503 {"reason":"${how}"}`;

  it("is of that agent, of that kind, and while something is hurt", () => {
    expect(covers(allowed, failure(11), hurts)).to.equal(true);
    expect(covers(allowed, failure(22), hurts)).to.equal(true);
    expect(covers(allowed, failure(15), hurts)).to.equal(false);
    expect(covers(allowed, failure(23), hurts)).to.equal(false);
    expect(covers(allowed, failure(11, "plainer"), hurts)).to.equal(false);
    expect(covers(allowed, failure(11, "plain", "INTERNAL"), hurts)).to.equal(false);
    expect(covers(allowed, failure(11), [])).to.equal(false);
  });

  it("is at any time where nothing is hurt that is well again", () => {
    expect(covers({ ...allowed, onlyWhile: false }, failure(15), hurts)).to.equal(true);
  });

  it("leaves a time in which nothing may, before, between and after what is hurt", () => {
    expect(quietMs(hurts, { from: 0, to: 40_000 })).to.equal(8_000);
    expect(quietMs(hurts, { from: 9_000, to: 40_000 })).to.equal(1_000);
    expect(quietMs(hurts, { from: 0, to: 22_500 })).to.equal(500);
    const touching = [...hurts, { from: 21_900, to: 24_000 }];
    expect(quietMs(touching, { from: 0, to: 40_000 })).to.equal(-100);
  });
});
