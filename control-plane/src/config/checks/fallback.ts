// Checks the agents that answer where those of a route cannot.

import type { MeshConfig, RouteConfig } from "../mesh-config.ts";
import { problem, type Report } from "../problem.ts";
import { checkNamedTwice } from "./named-twice.ts";
import { unlistedAdvice } from "./unlisted-advice.ts";

/** Reports agents that cannot stand in, and a fallback that nobody could charge. */
export function checkFallback(
  route: RouteConfig,
  { agents, flawed }: MeshConfig,
  report: Report,
): void {
  const { fallback, match, to } = route;
  if (fallback === undefined) return;
  checkNamedTwice(fallback, { key: "fallback", of: `the route \`${route.name}\`` }, report);
  const answering = new Set(
    to === undefined
      ? [match.agent.value]
      : [...to].flatMap(([agent, { value }]) => (value > 0 ? [agent] : [])),
  );
  for (const { at, value: agent } of fallback) {
    const words = { route: route.name, agent };
    if (!flawed.has("agents") && !agents.has(agent)) {
      report(problem("SC307", at, { ...words, advice: unlistedAdvice(agent, agents.keys()) }));
    } else if (answering.has(agent) && !route.flawed.has("to")) {
      report(problem("SC438", at, words));
    }
  }
  const [first] = fallback;
  if (route.budget !== undefined && first !== undefined) {
    report(problem("SC441", first.at, { route: route.name }));
  }
}
