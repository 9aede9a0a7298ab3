import { expect } from "chai";
import { outcomeOf } from "./chaos-outcome.ts";
import type { Figure } from "./scenario.ts";

describe("What chaos came to", () => {
  const held = {
    agents: ["echo", "plain"],
    perSecond: 10,
    mayFail: [{ agent: "plain", how: /"reason":"AGENT_UNAVAILABLE"/, least: 0.02, most: 0.1 }],
    p99Ms: 1_000,
    slowestMs: 8_000,
  };
  const failure = (second: number): string =>
    `${new Date(second * 1_000).toISOString()} REST plain: 503 {"reason":"AGENT_UNAVAILABLE"}`;
  const called = {
    calls: 200,
    failures: [failure(9.5), failure(10)],
    ms: Array.from({ length: 200 }, () => 20),
    perSecond: 10,
    dropped: 0,
  };
  const hurting = { from: 0, to: 20_000, hurts: [{ from: 9_000, to: 11_000 }] };
  const missed = (
    but: Partial<typeof called>,
    when: Parameters<typeof outcomeOf>[2] = hurting,
  ): readonly string[] =>
    outcomeOf(held, { ...called, ...but }, when)
      .figures.filter(({ met }: Figure) => met === false)
      .map(({ what }) => what);

  it("is as it should be where only what may fail does, as often as it must", () => {
    expect(missed({})).to.deep.equal([]);
    expect(outcomeOf(held, called, hurting).failures).to.deep.equal([]);
  });

  it("is not where calls fail outside the time", () => {
    expect(missed({ failures: [...called.failures, failure(12)] })).to.deep.equal([
      "others that failed",
    ]);
  });

  it("is not where fewer fail than must, since nothing was hurt, or more than may", () => {
    expect(missed({ failures: [failure(10)] })).to.deep.equal(["of plain failed as they may"]);
    const many = Array.from({ length: 11 }, () => failure(10));
    expect(missed({ failures: many })).to.deep.equal(["of plain failed as they may"]);
    expect(outcomeOf(held, called, { ...hurting, hurts: [] }).failures[0]).to.equal(
      "nothing was hurt",
    );
  });

  it("is not where calls stood still: fewer were begun, or some took long", () => {
    expect(missed({ perSecond: 9.4 })).to.deep.equal(["calls a second"]);
    const ms = called.ms.map((each, at) => (at >= 195 ? 6_500 : each));
    expect(missed({ ms })).to.deep.equal(["time of a call, P99"]);
  });

  it("is not where times in which calls may fail touch", () => {
    const hurts = [...hurting.hurts, { from: 11_000, to: 13_000 }];
    expect(missed({}, { ...hurting, hurts })).to.deep.equal([
      "the shortest time around hurts in which nothing may fail",
    ]);
  });
});
