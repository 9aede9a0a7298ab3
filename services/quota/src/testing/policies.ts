// A mesh's policies, as a control plane tells them.

import { quotaPb } from "@smartcall/protos";

/** What a test says of its mesh. */
export interface PolicyText {
  readonly mesh?: string;
  /** By budget: by, amount, unit, per, within. */
  readonly budgets?: Readonly<Record<string, readonly [string, number, string, string, string?]>>;
  readonly routes: Readonly<Record<string, RouteText>>;
}

export interface RouteText {
  /** By name: most, per, by. */
  readonly limits?: Readonly<Record<string, readonly [number, string, string]>>;
  /** The budget, what is reserved, the minimum. */
  readonly budget?: readonly [string, number, number];
  /** By agent: input, output. */
  readonly prices?: Readonly<Record<string, readonly [number, number]>>;
  readonly longestMs?: number;
}

/** The policies as their message. */
export function policiesFrom({ mesh = "demo", budgets = {}, routes }: PolicyText) {
  const policies = new quotaPb.QuotaPolicies();
  policies.setMesh(mesh);
  for (const [name, [by, amount, unit, per, within = ""]] of Object.entries(budgets)) {
    const budget = new quotaPb.BudgetPolicy();
    budget.setName(name);
    budget.setBy(by);
    budget.setAmount(amount);
    budget.setUnit(unit);
    budget.setPer(per);
    budget.setWithin(within);
    policies.addBudgets(budget);
  }
  for (const [name, route] of Object.entries(routes)) policies.addRoutes(routeOf(name, route));
  return policies;
}

function routeOf(name: string, text: RouteText): quotaPb.RoutePolicy {
  const route = new quotaPb.RoutePolicy();
  route.setName(name);
  route.setLongestMs(text.longestMs ?? 60_000);
  for (const [limitName, [most, per, by]] of Object.entries(text.limits ?? {})) {
    const limit = new quotaPb.LimitPolicy();
    limit.setName(limitName);
    limit.setMost(most);
    limit.setPer(per);
    limit.setBy(by);
    route.addLimits(limit);
  }
  if (text.budget !== undefined) {
    const [of, reserve, minimum] = text.budget;
    const use = new quotaPb.BudgetUsePolicy();
    use.setOf(of);
    use.setReserve(reserve);
    use.setMinimum(minimum);
    route.setBudget(use);
  }
  for (const [agent, [input, output]] of Object.entries(text.prices ?? {})) {
    const price = new quotaPb.AgentPrice();
    price.setAgent(agent);
    price.setInputNanos(input);
    price.setOutputNanos(output);
    route.addPrices(price);
  }
  return route;
}
