// What calls are counted for: windows, accounts, plans.

import { expect } from "chai";
import { policiesFrom } from "../testing/policies.ts";
import { accountOf, levelsOf } from "./levels.ts";
import { plansOf } from "./plan.ts";
import { windowOf } from "./window.ts";

describe("the policies of a mesh", () => {
  it("have windows that begin with the hour, day and month of UTC, and touch", () => {
    const now = Date.UTC(2024, 1, 29, 23, 59, 59, 999);
    const text = (per: "hour" | "day" | "month", at: number) => {
      const { start, end } = windowOf(per, at);
      return [start, end].map((ms) => new Date(ms).toISOString().slice(0, 16));
    };
    expect(text("hour", now)).to.deep.equal(["2024-02-29T23:00", "2024-03-01T00:00"]);
    expect(text("day", now)).to.deep.equal(["2024-02-29T00:00", "2024-03-01T00:00"]);
    expect(text("month", now)).to.deep.equal(["2024-02-01T00:00", "2024-03-01T00:00"]);
    expect(text("month", Date.UTC(2024, 11, 31))).to.deep.equal([
      "2024-12-01T00:00",
      "2025-01-01T00:00",
    ]);
    for (const per of ["hour", "day", "month"] as const) {
      const { end } = windowOf(per, now);
      expect(windowOf(per, end).start).to.equal(end);
    }
  });

  it("take from limits first, then from the budget and all that it is within", () => {
    const { plans, odd } = plansOf(
      policiesFrom({
        budgets: {
          team: ["claim:team", 1_000, "tokens", "day", "org"],
          org: ["mesh", 500, "nanos", "month"],
        },
        routes: {
          writing: {
            limits: { l: [2, "hour", "subject"], c: [1, "at-once", "address"] },
            budget: ["team", 400, 100],
            prices: { writer: [1, 5], cheap: [2, 0] },
          },
        },
      }),
    );
    expect(odd).to.deep.equal([]);
    const plan = plans.routes.get("writing");
    const keys = new Map([
      ["subject", "ann"],
      ["claim:team", "blue"],
    ]);
    const levels = levelsOf(plan?.rules ?? [], keys, Date.UTC(2024, 0, 2));
    expect(levels.map(({ account }) => [account.name, account.key])).to.deep.equal([
      ["l", "ann"],
      ["c", ""],
      ["team", "blue"],
      ["org", ""],
    ]);
    expect(levels[3]?.charge).to.deep.equal({
      kind: "tokens",
      dearest: { input: 2, output: 5 },
      byAgent: { writer: { input: 1, output: 5 }, cheap: { input: 2, output: 0 } },
    });
    expect(plan?.paid.map(({ name }) => name)).to.deep.equal(["team", "org"]);
    expect(plan?.wanted).to.deep.equal({ tokens: 400, minimum: 100 });
  });

  it("leave out what this version does not understand, and name it", () => {
    const { plans, odd } = plansOf(
      policiesFrom({
        budgets: {
          a: ["mesh", 1, "tokens", "day", "b"],
          b: ["mesh", 1, "tokens", "day", "a"],
          c: ["mesh", 1, "roubles", "day"],
        },
        routes: {
          round: { budget: ["a", 1, 1] },
          odd: { budget: ["c", 1, 1], limits: { weekly: [1, "week", "route"] } },
        },
      }),
    );
    expect(plans.routes.get("round")?.rules.map(({ name }) => name)).to.deep.equal(["a", "b"]);
    expect(plans.routes.get("odd")?.rules).to.deep.equal([]);
    expect(odd).to.deep.equal(["weekly", "c"]);
  });

  it("keep long keys short, and different ones apart", () => {
    const rule = { name: "team", per: undefined };
    const keyOf = (key: string) => accountOf(rule, key, 0).key;
    expect(keyOf("x".repeat(256))).to.equal("x".repeat(256));
    expect(keyOf("x".repeat(60_000))).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(keyOf(`${"x".repeat(300)}a`)).to.not.equal(keyOf(`${"x".repeat(300)}b`));
  });
});
