// What calls of each route are counted for, made ready from what the control plane says.

import type { quotaPb } from "@smartcall/protos";
import type { Charge, Rate, Wanted } from "../ledger/level.ts";
import { type Per, perOf } from "./window.ts";

/** Why a call is refused. */
export type Reason = "RATE_LIMITED" | "TOO_MANY_AT_ONCE" | "BUDGET_SPENT";

/** What is counted: the level of every call that it is counted for. */
export interface Rule {
  /** The limit's or budget's name. */
  readonly name: string;
  /** Whose: `subject`, `claim:NAME`, `address`; or `route` and `mesh`, which need no key. */
  readonly by: string;
  /** Undefined where it is counted at once. */
  readonly per: Per | undefined;
  readonly most: number;
  readonly charge: Charge;
  readonly unit: "calls" | BudgetPlan["unit"];
  readonly reason: Reason;
}

/** What calls of one route are counted for. */
export interface RoutePlan {
  /** The longest that a call takes, in milliseconds. */
  readonly longestMs: number;
  /** Undefined where the route has no budget: then no tokens are granted. */
  readonly wanted: Wanted | undefined;
  /** Limits first, then the budget and those it is within. */
  readonly rules: readonly Rule[];
  /** Of these, the budget and those it is within. */
  readonly paid: readonly Rule[];
}

/** A budget, for those who look after it. */
export interface BudgetPlan {
  readonly name: string;
  readonly per: Per;
  readonly amount: number;
  readonly unit: "tokens" | "nanos";
}

/** All of a mesh. */
export interface Plans {
  readonly mesh: string;
  readonly routes: ReadonlyMap<string, RoutePlan>;
  readonly budgets: ReadonlyMap<string, BudgetPlan>;
}

/** Makes the plans; what this version does not understand is left out, and named in `odd`. */
export function plansOf(policies: quotaPb.QuotaPolicies): {
  readonly plans: Plans;
  readonly odd: readonly string[];
} {
  const odd: string[] = [];
  const budgets = new Map(policies.getBudgetsList().map((budget) => [budget.getName(), budget]));
  const routes = policies.getRoutesList().map((route): [string, RoutePlan] => {
    const use = route.getBudget();
    const limits = route.getLimitsList().flatMap((limit) => ruleOfLimit(limit, odd));
    const paid = use === undefined ? [] : rulesOfBudget(use.getOf(), budgets, route, odd);
    const wanted = use && { tokens: use.getReserve(), minimum: use.getMinimum() };
    return [
      route.getName(),
      { longestMs: route.getLongestMs(), wanted, rules: [...limits, ...paid], paid },
    ];
  });
  const plans = [...budgets].flatMap(([name, budget]): [string, BudgetPlan][] => {
    const per = perOf(budget.getPer());
    const unit = unitOf(budget);
    if (per === undefined || unit === undefined) return [];
    return [[name, { name, per, amount: budget.getAmount(), unit }]];
  });
  return {
    plans: { mesh: policies.getMesh(), routes: new Map(routes), budgets: new Map(plans) },
    odd: [...new Set(odd)],
  };
}

function ruleOfLimit(limit: quotaPb.LimitPolicy, odd: string[]): readonly Rule[] {
  const rule = {
    name: limit.getName(),
    by: limit.getBy(),
    most: limit.getMost(),
    unit: "calls",
  } as const;
  if (limit.getPer() === "at-once") {
    const charge = { kind: "slot" } as const;
    return [{ ...rule, per: undefined, charge, reason: "TOO_MANY_AT_ONCE" }];
  }
  const per = perOf(limit.getPer());
  if (per !== undefined)
    return [{ ...rule, per, charge: { kind: "request" }, reason: "RATE_LIMITED" }];
  odd.push(rule.name);
  return [];
}

/** From the budget outward; a chain that does not end is cut. */
function rulesOfBudget(
  of: string,
  budgets: ReadonlyMap<string, quotaPb.BudgetPolicy>,
  route: quotaPb.RoutePolicy,
  odd: string[],
): readonly Rule[] {
  const rules: Rule[] = [];
  const seen = new Set<string>();
  let name = of;
  while (name !== "" && !seen.has(name)) {
    seen.add(name);
    const budget = budgets.get(name);
    const per = budget && perOf(budget.getPer());
    const unit = budget && unitOf(budget);
    if (budget === undefined || per === undefined || unit === undefined) {
      odd.push(name);
      break;
    }
    rules.push({
      name,
      by: budget.getBy(),
      per,
      most: budget.getAmount(),
      charge: unit === "tokens" ? eachOne : pricesOf(route),
      unit,
      reason: "BUDGET_SPENT",
    });
    name = budget.getWithin();
  }
  return rules;
}

function unitOf(budget: quotaPb.BudgetPolicy): BudgetPlan["unit"] | undefined {
  const unit = budget.getUnit();
  return unit === "tokens" || unit === "nanos" ? unit : undefined;
}

const eachOne: Charge = { kind: "tokens", dearest: { input: 1, output: 1 }, byAgent: {} };

function pricesOf(route: quotaPb.RoutePolicy): Charge {
  const rates = route.getPricesList().map((price): [string, Rate] => {
    return [price.getAgent(), { input: price.getInputNanos(), output: price.getOutputNanos() }];
  });
  const dearest = {
    input: Math.max(0, ...rates.map(([, { input }]) => input)),
    output: Math.max(0, ...rates.map(([, { output }]) => output)),
  };
  return { kind: "tokens", dearest, byAgent: Object.fromEntries(rates) };
}
