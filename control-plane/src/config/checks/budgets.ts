// Checks what callers may spend: each budget, the chains that they make, and how routes use them.

import type { MeshConfig, RouteConfig } from "../mesh-config.ts";
import type { BudgetConfig, BudgetUseConfig } from "../policy-config.ts";
import { problem, type Report } from "../problem.ts";
import { moneyText } from "../schema/amounts.ts";
import { closest } from "../schema/closest.ts";
import { hasToken, tokenlessWords } from "./access.ts";
import { isOfToken, keyText } from "./limits.ts";

/** So many budgets one call may be paid from; each is a look into the ledger. */
const longestChain = 8;

/** Reports all that is wrong with budgets, prices, and what routes make of them. */
export function checkBudgets(config: MeshConfig, report: Report): void {
  const { agents, budgets, flawed, prices, routes } = config;
  for (const [agent, { at }] of prices) {
    if (!agents.has(agent) && !flawed.has("agents")) {
      const advice = didYouMean(
        agent,
        agents.keys(),
        `add the line \`${agent}: {}\` under \`agents\``,
      );
      report(problem("SC305", at, { agent, advice }));
    }
  }
  for (const [name, { value }] of budgets) checkAmount(name, value, report);
  const chains = chainsOf(config, report);
  const used = new Set<string>();
  // One that is not found may have been meant.
  let allKnown =
    !flawed.has("routes") &&
    !flawed.has("budgets") &&
    [...budgets.values()].every(
      ({ value: { flawed: flaws, within } }) =>
        flaws.size === 0 && (within === undefined || budgets.has(within.value)),
    );
  for (const { value: route } of routes) {
    if (route.flawed.has("budget")) allKnown = false;
    if (route.budget === undefined) continue;
    const chain = chains.get(route.budget.of.value);
    if (chain === undefined) {
      allKnown = false;
      if (!flawed.has("budgets")) reportUnknown(route, route.budget, budgets, report);
      continue;
    }
    for (const { name } of chain) used.add(name);
    checkUse(route, route.budget, chain, config, report);
  }
  for (const [name, { at }] of budgets) {
    if (allKnown && !used.has(name)) report(problem("SC428", at, { budget: name }));
  }
}

/** One budget of a chain. */
interface Link {
  readonly name: string;
  readonly budget: BudgetConfig;
}

/** For each budget: itself, the one that it is within, and so on. */
type Chains = ReadonlyMap<string, readonly Link[]>;

function chainsOf({ budgets, flawed }: MeshConfig, report: Report): Chains {
  const chains = new Map<string, readonly Link[]>();
  const inCircles = new Set<string>();
  for (const [name, { value }] of budgets) {
    const chain: Link[] = [{ name, budget: value }];
    let next = value.within;
    while (next !== undefined) {
      const found = budgets.get(next.value);
      const isCircle = chain.some((link) => link.name === next?.value);
      if (found === undefined || isCircle || chain.length === longestChain) break;
      chain.push({ name: next.value, budget: found.value });
      next = found.value.within;
    }
    chains.set(name, chain);
    if (value.within !== undefined && !budgets.has(value.within.value)) {
      if (flawed.has("budgets")) continue;
      const { at, value: within } = value.within;
      const advice = didYouMean(within, budgets.keys(), `list it under \`budgets\``);
      report(problem("SC304", at, { budget: name, within, advice }));
    } else if (next !== undefined && next.value === name) {
      const names = chain.map((link) => link.name);
      if (!inCircles.has(name) && value.within !== undefined) {
        const circle = [...names, name].map((each) => `\`${each}\``).join(" → ");
        report(problem("SC424", value.within.at, { circle }));
      }
      for (const each of names) inCircles.add(each);
    } else if (next !== undefined && chain.length === longestChain && value.within !== undefined) {
      const words = { budget: name, most: String(longestChain) };
      report(problem("SC430", value.within.at, words));
    }
  }
  return chains;
}

function checkAmount(
  name: string,
  { at, flawed, money, tokens }: BudgetConfig,
  report: Report,
): void {
  if (flawed.size > 0 || (money === undefined) !== (tokens === undefined)) return;
  const found = money === undefined ? "neither `tokens` nor `money`" : "both `tokens` and `money`";
  report(problem("SC423", at, { budget: name, found }));
}

function reportUnknown(
  route: RouteConfig,
  { of }: BudgetUseConfig,
  budgets: MeshConfig["budgets"],
  report: Report,
): void {
  if (of.value === "") return;
  const advice = didYouMean(of.value, budgets.keys(), "list it under `budgets`");
  report(problem("SC303", of.at, { route: route.name, budget: of.value, advice }));
}

function checkUse(
  route: RouteConfig,
  use: BudgetUseConfig,
  chain: readonly Link[],
  { agents, flawed, prices }: MeshConfig,
  report: Report,
): void {
  const { minimum, of, reserve } = use;
  if (minimum !== undefined && minimum.value > reserve.value && !use.flawed.has("reserve")) {
    const words = { route: route.name, minimum: grouped(minimum.value) };
    report(problem("SC426", minimum.at, { ...words, reserve: grouped(reserve.value) }));
  }
  if (route.retry !== undefined) {
    report(problem("SC434", route.retry.at, { route: route.name }));
  }
  if (!hasToken(route)) {
    const link = chain.find(({ budget }) => isOfToken(budget.by.value));
    if (link !== undefined) {
      const what = `The budget \`${link.name}\``;
      const key = keyText(link.budget.by.value);
      const words = { what, key, route: route.name, because: tokenlessWords(route) };
      report(problem("SC420", of.at, words));
    }
  }
  if (route.flawed.has("to") || flawed.has("prices")) return;
  const answering = [...(route.to?.keys() ?? [route.match.agent.value])];
  const listed = answering.filter((agent) => agents.has(agent));
  const money = chain.find(({ budget }) => budget.money !== undefined);
  const free = listed.find((agent) => !prices.has(agent));
  if (money !== undefined && free !== undefined) {
    report(problem("SC425", of.at, { route: route.name, budget: money.name, agent: free }));
  }
  const dearest = Math.max(
    0,
    ...listed.flatMap((agent) => {
      const price = prices.get(agent)?.value;
      return price === undefined ? [] : [price.input, price.output];
    }),
  );
  for (const { budget, name } of chain) {
    const over = overAmount(budget, reserve.value, dearest);
    if (over === undefined || budget.flawed.size > 0) continue;
    const words = { route: route.name, budget: name, per: budget.per, ...over };
    report(problem("SC427", reserve.at, words));
    break;
  }
}

/** What one call reserves, where that is more than there ever is. */
function overAmount(
  { money, tokens }: BudgetConfig,
  reserve: number,
  dearest: number,
): { readonly reserved: string; readonly amount: string } | undefined {
  if (tokens !== undefined && reserve > tokens.value) {
    return { reserved: `${grouped(reserve)} tokens`, amount: grouped(tokens.value) };
  }
  const cost = reserve * dearest;
  if (money !== undefined && cost > money.value) {
    const reserved = `${grouped(reserve)} tokens, which cost up to ${moneyText(cost)},`;
    return { reserved, amount: moneyText(money.value) };
  }
  return undefined;
}

function didYouMean(word: string, known: Iterable<string>, otherwise: string): string {
  const meant = closest(word, known);
  const first = otherwise.charAt(0).toUpperCase() + otherwise.slice(1);
  return meant === undefined ? `${first}.` : `Did you mean \`${meant}\`? If not, ${otherwise}.`;
}

function grouped(number: number): string {
  return number.toLocaleString("en");
}
