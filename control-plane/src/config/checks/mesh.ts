// Checks each route by itself and against the agents: references, weights, who may call.

import type { MeshConfig, RouteConfig } from "../mesh-config.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import { closest } from "../schema/closest.ts";
import { checkAccess } from "./access.ts";
import { checkBounds } from "./bounds.ts";
import { checkBudgets } from "./budgets.ts";
import { checkHeaders } from "./headers.ts";
import { checkIdentity } from "./identity.ts";
import { checkInstances } from "./instances.ts";
import { checkLimits } from "./limits.ts";
import { checkPaths } from "./paths.ts";
import { rulesByAgent } from "./rule-index.ts";
import { checkTies } from "./ties.ts";

/** Reports all that is wrong between the parts of a mesh. */
export function checkMesh(config: MeshConfig, report: Report): void {
  const routes = config.routes.map(({ value }) => value);
  for (const [agent, { value }] of config.agents) {
    if (value.instances !== undefined) checkInstances(agent, value.instances, report);
  }
  for (const route of routes) {
    checkReferences(route, config, report);
    checkWeights(route, report);
    checkAccess(route, config, report);
    checkLimits(route, report);
    checkSticky(route, report);
    checkHeaders(route, report);
  }
  checkNames(routes, report);
  checkBounds(config.gateway, report);
  checkIdentity(config, report);
  checkBudgets(config, report);
  for (const [agent, rules] of rulesByAgent(routes)) {
    if (agent === "") continue;
    checkPaths(rules, report);
    checkTies(rules, report);
  }
}

function checkReferences(route: RouteConfig, { agents }: MeshConfig, report: Report): void {
  const advise = (agent: string): string => {
    const meant = closest(agent, agents.keys());
    const add = `add the line \`${agent}: {}\` under \`agents\`.`;
    return meant === undefined
      ? `If it is an agent, ${add}`
      : `Did you mean \`${meant}\`? If not, ${add}`;
  };
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

function checkWeights(route: RouteConfig, report: Report): void {
  const weights = [...(route.to ?? new Map<string, never>()).values()];
  if (route.to !== undefined && weights.every(({ value }) => value === 0)) {
    report(problem("SC403", weights[0]?.at ?? route.at, { route: route.name }));
  }
}

function checkSticky(route: RouteConfig, report: Report): void {
  const answering = [...(route.to ?? [])].filter(([, { value }]) => value > 0);
  if (route.sticky !== undefined && answering.length < 2) {
    const agent = `\`${answering[0]?.[0] ?? route.match.agent.value}\``;
    report(problem("SC412", route.sticky.at, { route: route.name, agent }));
  }
}

function checkNames(routes: readonly RouteConfig[], report: Report): void {
  const first = new Map<string, RouteConfig>();
  for (const route of routes) {
    const earlier = first.get(route.name);
    if (earlier === undefined) {
      first.set(route.name, route);
    } else if (route.name !== "") {
      const place = placeOf(earlier.at, route.at);
      report(problem("SC406", route.at, { route: route.name, place }));
    }
  }
}
