import { fromBinary } from "@bufbuild/protobuf";
import { RateLimitPerRouteSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/ratelimit/v3/rate_limit_pb.js";
import { expect } from "chai";
import type { Budget, BudgetUse } from "../../model/budget.ts";
import type { Limit } from "../../model/limit.ts";
import { quotaOf, quotaPerRoute, withQuotaOn } from "./quota-per-route.ts";

describe("what the quota service is told of a route", () => {
  const origin = { file: "mesh.yaml", line: 1, column: 1 };
  const budgets = new Map(
    [
      budget("team", { kind: "claim", claim: "team" }, "org"),
      budget("org", { kind: "claim", claim: "org" }, "all"),
      budget("all", { kind: "mesh" }),
    ].map((each) => [each.name, each]),
  );
  const use: BudgetUse = { of: "team", reserve: 1, minimum: 1, unavailable: "refuse", origin };
  const to = [{ agent: "writer", weight: 1 }];

  it("is nothing where Envoy counts by itself", () => {
    expect(quotaOf({ to }, budgets)).to.equal(undefined);
    expect(quotaOf({ to, limits: [requests("minute"), requests("second")] }, budgets)).to.equal(
      undefined,
    );
    expect(quotaPerRoute("writing", undefined)).to.deep.equal({});
  });

  it("is everything that its limits and the whole chain of its budgets are counted by, once", () => {
    const calls: Limit = {
      kind: "concurrent",
      name: "writing:4/at-once/subject",
      calls: 4,
      by: { kind: "subject" },
      origin,
    };
    const quota = quotaOf(
      { to, budget: use, limits: [calls, requests("hour"), requests("minute")] },
      budgets,
    );
    expect(quota?.by).to.deep.equal([
      { kind: "claim", claim: "org" },
      { kind: "claim", claim: "team" },
      { kind: "subject" },
    ]);
  });

  it("goes to the filter that does with calls what the route says while nobody counts", () => {
    const filters = (unavailable: "refuse" | "allow" | undefined) => {
      const route =
        unavailable === undefined
          ? { to, limits: [requests("hour")] }
          : { to, budget: { ...use, unavailable } };
      return Object.keys(quotaPerRoute("writing", quotaOf(route, budgets)));
    };
    expect(filters("refuse")).to.deep.equal(["quota-closed", "quota-end", "usage"]);
    expect(filters("allow")).to.deep.equal(["quota-open", "quota-end", "usage"]);
    expect(filters(undefined)).to.deep.equal(["quota-closed", "quota-end", "usage"]);
  });

  it("runs through filters that are on for all routes of an agent, or for none of them", () => {
    const paid = quotaOf({ to, budget: use }, budgets);
    const free = { name: "free" };
    const { typedPerFilterConfig } = withQuotaOn([undefined, paid])(free);
    expect(Object.keys(typedPerFilterConfig ?? {})).to.deep.equal([
      "quota-closed",
      "quota-end",
      "usage",
    ]);
    expect(withQuotaOn([undefined, undefined])(free)).to.equal(free);
    const own = quotaPerRoute("writing", paid);
    expect(withQuotaOn([paid])({ typedPerFilterConfig: own }).typedPerFilterConfig).to.include(own);
  });

  it("is one thing at the start of a call, and another filter's at its end", () => {
    const made = quotaPerRoute("writing", quotaOf({ to, budget: use }, budgets));
    const atEnd = (filter: string) =>
      fromBinary(RateLimitPerRouteSchema, made[filter]?.value ?? new Uint8Array()).rateLimits.map(
        ({ applyOnStreamDone }) => applyOnStreamDone,
      );
    expect(atEnd("quota-closed")).to.deep.equal([false]);
    expect(atEnd("quota-end")).to.deep.equal([true]);
  });

  function budget(name: string, by: Budget["by"], within?: string): Budget {
    return { name, by, amount: { kind: "tokens", tokens: 10 }, per: "day", within, origin };
  }

  function requests(per: "second" | "minute" | "hour"): Limit {
    const name = `writing:5/${per}/subject`;
    return { kind: "requests", name, requests: 5, per, by: { kind: "subject" }, origin };
  }
});
