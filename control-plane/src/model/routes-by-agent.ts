// The routes of each agent: those by which callers ask for it, not those that lead to it.

import type { Route } from "./mesh.ts";

/** The routes by the agent that callers ask for, each agent's in their matching order. */
export function routesByAgent(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const group = groups.get(route.match.agent);
    if (group === undefined) groups.set(route.match.agent, [route]);
    else group.push(route);
  }
  return groups;
}
