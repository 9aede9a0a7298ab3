// Makes of what operators wrote who may call, and how much.

import { asksForNoToken } from "../config/checks/access.ts";
import { standardScope } from "../config/language/allow.ts";
import { standardMinimum } from "../config/language/budgets.ts";
import type { MeshConfig, RouteConfig } from "../config/mesh-config.ts";
import type { BudgetConfig, BudgetUseConfig, LimitConfig } from "../config/policy-config.ts";
import type { Allow } from "./allow.ts";
import type { Amount, Budget, BudgetUse, Price } from "./budget.ts";
import { countedText, type Limit } from "./limit.ts";

/** Who may use a route. */
export function allowOf({ allow, public: isPublic }: RouteConfig): Allow {
  if (isPublic?.value === true) return { kind: "public" };
  const { addresses, certificates, claims } = allow ?? {};
  const withoutToken = asksForNoToken(allow);
  return {
    kind: "callers",
    scopes: allow?.scopes?.value ?? (withoutToken ? [] : [standardScope]),
    ...(withoutToken && { withoutToken }),
    ...(claims && {
      claims: Object.fromEntries(
        [...claims.value].map(([name, { value }]) => [name, value] as const).sort(byName),
      ),
    }),
    ...(certificates && { certificates: certificates.value }),
    ...(addresses && { addresses }),
  };
}

/** The limits of a route, by their names. */
export function limitsOf(route: string, limits: readonly LimitConfig[]): readonly Limit[] {
  return limits.map((limit) => limitOf(route, limit)).sort((a, b) => compare(a.name, b.name));
}

function limitOf(route: string, { at: origin, by, concurrent, per, requests }: LimitConfig): Limit {
  const key = countedText(by.value);
  if (concurrent !== undefined) {
    const calls = concurrent.value;
    const name = `${route}:${calls}/at-once/${key}`;
    return { kind: "concurrent", name, calls, by: by.value, origin };
  }
  if (requests === undefined || per === undefined) {
    throw new Error(`A limit of ${route} was not checked.`);
  }
  const name = `${route}:${requests.value}/${per.value}/${key}`;
  return { kind: "requests", name, requests: requests.value, per: per.value, by: by.value, origin };
}

/** How the calls of a route are paid. */
export function budgetUseOf({ at, minimum, of, reserve, unavailable }: BudgetUseConfig): BudgetUse {
  const least = minimum?.value ?? Math.min(standardMinimum, reserve.value);
  return { of: of.value, reserve: reserve.value, minimum: least, unavailable, origin: at };
}

/** What callers may spend, by name. */
export function budgetsOf({ budgets }: MeshConfig): readonly Budget[] {
  return [...budgets]
    .map(([name, { at, value }]): Budget => {
      const { by, per, within } = value;
      const budget = { name, by: by.value, amount: amountOf(value), per, origin: at };
      return within === undefined ? budget : { ...budget, within: within.value };
    })
    .sort((a, b) => compare(a.name, b.name));
}

function amountOf({ money, tokens }: BudgetConfig): Amount {
  return money === undefined
    ? { kind: "tokens", tokens: tokens?.value ?? 0 }
    : { kind: "money", nanos: money.value };
}

/** What agents cost, by agent. */
export function pricesOf({ prices }: MeshConfig): readonly Price[] {
  return [...prices]
    .map(
      ([
        agent,
        {
          value: { input, output },
        },
      ]) => ({
        agent,
        inputNanos: input,
        outputNanos: output,
      }),
    )
    .sort((a, b) => compare(a.agent, b.agent));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compare(a, b);
}

/** By UTF-16 code units, so that no machine's language changes the order. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
