// Checks each route by itself and against the agents: references, weights, who may call.

import type { MeshConfig, RouteConfig } from "../mesh-config.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import { checkAccess } from "./access.ts";
import { checkAddresses } from "./addresses.ts";
import { checkAgents } from "./agents.ts";
import { checkBounds } from "./bounds.ts";
import { checkBudgets } from "./budgets.ts";
import { checkEgress } from "./egress.ts";
import { checkFallback } from "./fallback.ts";
import { checkHeaders } from "./headers.ts";
import { checkIdentity } from "./identity.ts";
import { checkInstances } from "./instances.ts";
import { checkLimits } from "./limits.ts";
import { checkPaths } from "./paths.ts";
import { checkRetry } from "./retry.ts";
import { rulesByAgent } from "./rule-index.ts";
import { checkTies } from "./ties.ts";
import { unlistedAdvice } from "./unlisted-advice.ts";

/** Reports all that is wrong between the parts of a mesh. */
export function checkMesh(config: MeshConfig, report: Report): void {
  const routes = config.routes.map(({ value }) => value);
  const canMatch = new Set<RouteConfig>();
  for (const [agent, { value }] of config.agents) {
    if (value.instances !== undefined) checkInstances(agent, value.instances, report);
  }
  checkAddresses(config, report);
  checkAgents(config, report);
  checkEgress(config, report);
  for (const route of routes) {
    if (!config.flawed.has("agents")) checkReferences(route, config, report);
    if (!route.flawed.has("to")) checkTo(route, report);
    checkFallback(route, config, report);
    checkRetry(route, report);
    checkAccess(route, config, report);
    checkLimits(route, report);
    if (checkHeaders(route, report)) canMatch.add(route);
  }
  checkNames(routes, report);
  checkBounds(config.gateway, report);
  checkIdentity(config, report);
  checkBudgets(config, report);
  const isKnown = knownRoutes(config);
  for (const [agent, rules] of rulesByAgent(routes.filter((route) => canMatch.has(route)))) {
    const reached = checkPaths(rules, report);
    // Those that never match tie with none.
    if (isKnown(agent)) checkTies(reached, report);
  }
}

/** Says of an agent whether every route for it could be read: one that was not could settle a tie. */
function knownRoutes({ flawed, routes }: MeshConfig): (agent: string) => boolean {
  const open = new Set(
    routes.flatMap(({ value: { flawed: flaws, match } }) =>
      flaws.has("match") || match.flawed.size > 0 ? [match.agent.value] : [],
    ),
  );
  const none = flawed.has("routes") || open.has("");
  return (agent) => !none && !open.has(agent);
}

function checkReferences(route: RouteConfig, { agents }: MeshConfig, report: Report): void {
  const advise = (agent: string): string => unlistedAdvice(agent, agents.keys());
  const { value: asked, at } = route.match.agent;
  if (asked !== "" && !agents.has(asked)) {
    const words = { route: route.name, agent: asked, advice: advise(asked) };
    report(problem("SC302", at, words));
  }
  for (const [agent, target] of route.to ?? []) {
    if (!agents.has(agent)) {
      const words = { route: route.name, agent, advice: advise(agent) };
      report(problem("SC301", target.at, words));
    }
  }
}

/** Envoy adds them up in 32 bits. */
const largestSum = 2 ** 32 - 1;

function checkTo(route: RouteConfig, report: Report): void {
  const weights = [...(route.to?.values() ?? [])];
  const sum = weights.reduce((all, { value }) => all + value, 0);
  if (route.to !== undefined && sum === 0) {
    report(problem("SC403", weights[0]?.at ?? route.at, { route: route.name }));
  }
  if (sum > largestSum) {
    const most = largestSum.toLocaleString("en");
    const words = { route: route.name, sum: sum.toLocaleString("en"), most };
    report(problem("SC431", weights[0]?.at ?? route.at, words));
  }
  const answering = [...(route.to ?? [])].filter(([, { value }]) => value > 0);
  if (route.sticky !== undefined && answering.length < 2) {
    const agent = answering[0]?.[0] ?? route.match.agent.value;
    if (agent !== "") report(problem("SC412", route.sticky.at, { route: route.name, agent }));
  }
}

function checkNames(routes: readonly RouteConfig[], report: Report): void {
  const first = new Map<string, RouteConfig>();
  for (const route of routes) {
    if (route.flawed.has("name")) continue;
    const earlier = first.get(route.name);
    if (earlier === undefined) {
      first.set(route.name, route);
    } else {
      const place = placeOf(earlier.at, route.at);
      report(problem("SC406", route.at, { route: route.name, place }));
    }
  }
}
