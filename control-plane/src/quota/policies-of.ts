// What the quota service must know of the versions of a mesh that gateways may have.

import { quotaPb } from "@smartcall/protos";
import type { MeshConfig } from "../config/index.ts";
import type { Budget, Price } from "../model/budget.ts";
import { budgetsOf, pricesOf } from "../model/build-policies.ts";
import { routeOf } from "../model/build-routes.ts";
import { countedText, type Limit } from "../model/limit.ts";
import type { Route } from "../model/mesh.ts";

/** All policies; where two versions have a route or budget of one name, the later's. */
export function policiesOf(configs: readonly MeshConfig[]): quotaPb.QuotaPolicies {
  const routes = new Map<string, quotaPb.RoutePolicy>();
  const budgets = new Map<string, quotaPb.BudgetPolicy>();
  for (const config of configs) {
    const prices = pricesOf(config);
    for (const budget of budgetsOf(config)) budgets.set(budget.name, budgetPolicy(budget));
    for (const { value: written } of config.routes) {
      // Most routes of a large mesh: nothing is made of them here.
      if (written.limits === undefined && written.budget === undefined) continue;
      const route = routeOf(written);
      const policy = routePolicy(route, prices);
      // A gateway that has the older version still asks for what the newer does without.
      if (policy !== undefined) routes.set(route.name, policy);
    }
  }
  const policies = new quotaPb.QuotaPolicies();
  policies.setMesh(configs.at(-1)?.mesh ?? "");
  policies.setRoutesList(sorted(routes));
  policies.setBudgetsList(sorted(budgets));
  return policies;
}

/** Undefined where nothing of the route is counted by the quota service. */
function routePolicy(route: Route, prices: readonly Price[]): quotaPb.RoutePolicy | undefined {
  const limits = (route.limits ?? []).flatMap(limitPolicy);
  if (limits.length === 0 && route.budget === undefined) return undefined;
  const policy = new quotaPb.RoutePolicy();
  policy.setName(route.name);
  policy.setLimitsList(limits);
  policy.setLongestMs(route.timeoutMs);
  if (route.budget !== undefined) {
    const use = new quotaPb.BudgetUsePolicy();
    use.setOf(route.budget.of);
    use.setReserve(route.budget.reserve);
    use.setMinimum(route.budget.minimum);
    policy.setBudget(use);
  }
  policy.setPricesList(route.to.map(({ agent }) => priceOf(agent, prices)));
  return policy;
}

/** Seconds and minutes are counted by the gateways themselves. */
function limitPolicy(limit: Limit): readonly quotaPb.LimitPolicy[] {
  const policy = new quotaPb.LimitPolicy();
  policy.setName(limit.name);
  policy.setBy(countedText(limit.by));
  if (limit.kind === "concurrent") {
    policy.setMost(limit.calls);
    policy.setPer("at-once");
    return [policy];
  }
  if (limit.per !== "hour" && limit.per !== "day") return [];
  policy.setMost(limit.requests);
  policy.setPer(limit.per);
  return [policy];
}

function budgetPolicy({ amount, by, name, per, within }: Budget): quotaPb.BudgetPolicy {
  const policy = new quotaPb.BudgetPolicy();
  policy.setName(name);
  policy.setBy(by.kind === "claim" ? `claim:${by.claim}` : by.kind);
  policy.setAmount(amount.kind === "tokens" ? amount.tokens : amount.nanos);
  policy.setUnit(amount.kind === "tokens" ? "tokens" : "nanos");
  policy.setPer(per);
  policy.setWithin(within ?? "");
  return policy;
}

function priceOf(agent: string, prices: readonly Price[]): quotaPb.AgentPrice {
  const price = prices.find((each) => each.agent === agent);
  const policy = new quotaPb.AgentPrice();
  policy.setAgent(agent);
  policy.setInputNanos(price?.inputNanos ?? 0);
  policy.setOutputNanos(price?.outputNanos ?? 0);
  return policy;
}

function sorted<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
