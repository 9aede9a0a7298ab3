import { expect } from "chai";
import { failedChecks, thresholdFigures, toldFigures } from "./k6-figures.ts";

describe("What k6 measured", () => {
  const trend = (values: object, thresholds?: object): object => ({
    type: "trend",
    contains: "time",
    values,
    ...(thresholds && { thresholds }),
  });
  const summary = {
    root_group: {
      checks: [
        { name: "is 200", passes: 99_997, fails: 3 },
        { name: "is whole", passes: 100_000, fails: 0 },
      ],
    },
    metrics: {
      checks: {
        type: "rate",
        contains: "default",
        values: { rate: 0.99999, passes: 1, fails: 0 },
        thresholds: { "rate==1": { ok: false } },
      },
      "http_req_duration{scenario:after}": trend(
        { "p(95)": 12.44, med: 3, count: 9 },
        { "p(95)<100": { ok: true } },
      ),
      first_event_by_grpc: trend({ "p(95)": 0, count: 0 }, { "p(95)<100": { ok: true } }),
      dropped_iterations: {
        type: "counter",
        contains: "default",
        values: { count: 1234, rate: 2 },
        thresholds: { "count==0": { ok: false } },
      },
      shed: { type: "counter", contains: "default", values: { count: 3, rate: 0.5 } },
    },
  };

  it("is told with what each threshold asks, in words", () => {
    const [checks, , dropped, time] = thresholdFigures(summary);
    expect(checks).to.deep.equal({
      what: "answers that were right",
      is: "99.9990 %",
      asked: "100 %",
      met: false,
    });
    expect(time).to.deep.equal({
      what: "time of a call by REST (after), P95",
      is: "12.4 ms",
      asked: "under 100 ms",
      met: true,
    });
    expect(dropped).to.include({ is: "1,234", asked: "0", met: false });
  });

  it("misses a threshold of times of which there are none", () => {
    expect(thresholdFigures(summary)[1]).to.include({ is: "nothing was measured", met: false });
  });

  it("misses a threshold of a share of nothing, and none of a count of nothing", () => {
    const rate = { type: "rate", contains: "default", values: { rate: 0, passes: 0, fails: 0 } };
    const count = { type: "counter", contains: "default", values: { count: 0, rate: 0 } };
    const nothing = {
      metrics: {
        checks: { ...rate, thresholds: { "rate==1": { ok: true } } },
        http_req_failed: { ...rate, thresholds: { "rate==0": { ok: true } } },
        dropped_iterations: { ...count, thresholds: { "count==0": { ok: true } } },
      },
    };
    const met = thresholdFigures(nothing).map(({ what, is, met }) => `${what}: ${is}, ${met}`);
    expect(met).to.deep.equal([
      "answers that were right: nothing was measured, false",
      "calls by REST that failed: nothing was measured, false",
      "that could not begin when they were due: 0, true",
    ]);
  });

  it("names the checks that did not always hold", () => {
    expect(failedChecks(summary)).to.deep.equal(['3 of 100,000: not "is 200"']);
  });

  it("is told by the way as well, where there is any", () => {
    expect(toldFigures(summary, "shed", ["count", "rate"])).to.deep.equal([
      { what: "shed", is: "3" },
      { what: "shed", is: "0.5 a second" },
    ]);
    expect(toldFigures(summary, "first_event_by_grpc", ["med", "p(95)"])).to.deep.equal([]);
    expect(toldFigures(summary, "no such", ["med"])).to.deep.equal([]);
  });
});
