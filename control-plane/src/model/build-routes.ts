// Makes routes of what operators wrote, and gives each agent without one its own.

import { compareSpecificity, conditionsOf } from "../config/conditions.ts";
import { standardScope } from "../config/language/allow.ts";
import { standardTimeoutMs } from "../config/language/route.ts";
import type { MeshConfig, RetryConfig, RouteConfig } from "../config/mesh-config.ts";
import { compare } from "../source/compare.ts";
import { allowOf, budgetUseOf, limitsOf } from "./build-policies.ts";
import type { Route } from "./mesh.ts";
import type { Retry } from "./resilience.ts";

/** In matching order: by agent, the more specific first, at last by name. */
export function routesOf(config: MeshConfig): readonly Route[] {
  const written = config.routes.map(({ value }) => value);
  const named = new Set(written.map(({ match }) => match.agent.value));
  const rules = written
    .map((route) => {
      const conditions = conditionsOf(route);
      return { route: routeOf(route, conditions), conditions };
    })
    .sort(
      (a, b) =>
        compare(a.conditions.agent, b.conditions.agent) ||
        compareSpecificity(a.conditions, b.conditions) ||
        compare(a.route.name, b.route.name),
    );
  const defaults = [...config.agents]
    .filter(([agent]) => !named.has(agent))
    .map(
      ([agent, { at }]): Route => ({
        // No operator's route can have this name: theirs have no colon.
        name: `default:${agent}`,
        match: { agent, headers: {}, claims: {} },
        to: [{ agent, weight: 1 }],
        allow: { kind: "callers", scopes: [standardScope] },
        timeoutMs: standardTimeoutMs,
        origin: at,
      }),
    );
  return [...rules.map(({ route }) => route), ...defaults].sort((a, b) =>
    compare(a.match.agent, b.match.agent),
  );
}

/** One route that was written. */
export function routeOf(route: RouteConfig, conditions = conditionsOf(route)): Route {
  const { agent, claims, headers, models, path } = conditions;
  const to = [...(route.to ?? new Map([[agent, { value: 1 }]]))];
  return {
    name: route.name,
    match: {
      agent,
      ...(path !== undefined && { path }),
      ...(models !== undefined && { models }),
      headers: Object.fromEntries(sorted(headers)),
      claims: Object.fromEntries(sorted(claims)),
    },
    to: to
      .map(([name, { value }]) => ({ agent: name, weight: value }))
      .sort((a, b) => compare(a.agent, b.agent)),
    ...(route.sticky && { sticky: route.sticky.value }),
    allow: allowOf(route),
    timeoutMs: route.timeout,
    ...(route.retry && { retry: retryOf(route.retry) }),
    ...(route.fallback && { fallback: route.fallback.map(({ value }) => value) }),
    ...(route.limits && { limits: limitsOf(route.name, route.limits) }),
    ...(route.budget && { budget: budgetUseOf(route.budget) }),
    origin: route.at,
  };
}

function retryOf({ attempts, firstEvent, hedge, on, perTry }: RetryConfig): Retry {
  const bounded = perTry !== undefined || firstEvent !== undefined;
  return {
    attempts,
    on: on?.value ?? (bounded ? ["reset", "slow", "unavailable"] : ["reset", "unavailable"]),
    ...(perTry && { perTryMs: perTry.value }),
    ...(firstEvent && { firstEventMs: firstEvent.value }),
    ...(hedge?.value === true && { hedge: true }),
  };
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => compare(a, b));
}
