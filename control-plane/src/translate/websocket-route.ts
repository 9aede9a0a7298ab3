// The door of WebSockets to one agent: who may open one.
//
// Each turn that comes by it is a call of its own through the listener `inside`, where the
// agent's routes decide again, with all that they ask for.

import { isDeepStrictEqual } from "node:util";
import type { Route } from "../model/mesh.ts";
import { type EnvoyRoute, websocketMethod } from "./call-match.ts";
import { claimMatcher } from "./claim.ts";
import type { RouteAction } from "./destinations.ts";
import { allOf, anyOf, callers, type Principal, says } from "./filters/callers.ts";
import { jwtOptional } from "./filters/jwt.ts";
import { asksForToken, rbacOf, rbacPerRoute } from "./filters/rbac.ts";
import { milliseconds } from "./message.ts";
import { names } from "./names.ts";
import { notAllowed } from "./not-allowed.ts";
import { routeMetadata } from "./route-metadata.ts";

/**
 * The route by which callers open a WebSocket whom a route of the agent may take: none where
 * nobody can call it.
 */
export function websocketRoutes(agent: string, routes: readonly Route[]): readonly EnvoyRoute[] {
  if (routes.length === 0) return [];
  const only = widestOf(routes);
  const filters = {
    ...(only === undefined
      ? { [names.rbac]: rbacOf(anyOf(routes.map(mayTake))) }
      : rbacPerRoute(only.allow)),
    ...(routes.every(({ allow }) => asksForToken(allow))
      ? {}
      : { [names.jwtOfSockets]: jwtOptional }),
  };
  return [
    {
      name: "websocket",
      match: {
        pathSpecifier: { case: "path", value: `${names.restPath}${agent}:${websocketMethod}` },
        headers: [{ name: ":method", headerMatchSpecifier: get }],
      },
      metadata:
        only === undefined
          ? routeMetadata(agent, undefined, true)
          : routeMetadata(agent, notAllowed(only)),
      action: { case: "route", value: toRealtime },
      ...(Object.keys(filters).length > 0 && { typedPerFilterConfig: filters }),
    },
  ];
}

const get = {
  case: "stringMatch",
  value: { matchPattern: { case: "exact", value: "GET" } },
} as const;

// Nothing of it ends by time: Envoy bounds what is idle, and the realtime service the rest.
const toRealtime: RouteAction = {
  clusterSpecifier: { case: "cluster", value: names.realtimeCluster },
  upgradeConfigs: [{ upgradeType: "websocket", enabled: true }],
  // Longer than a client that reads slowly may read nothing.
  idleTimeout: milliseconds(180_000),
  // While the service is started again nobody listens: some seconds, which callers wait.
  retryPolicy: {
    retryOn: "connect-failure",
    numRetries: 20,
  },
};

/** The route that takes whomever another does; undefined where there is none. */
function widestOf(routes: readonly Route[]): Route | undefined {
  const widest = routes.find(({ match: { claims } }) => Object.keys(claims).length === 0);
  const alike = routes.every(({ allow }) => isDeepStrictEqual(allow, widest?.allow));
  return alike ? widest : undefined;
}

/** Whom a route may take; what else it asks for, only a call has. */
function mayTake({ allow, match: { claims } }: Route): Principal {
  const matched = Object.entries(claims)
    .sort()
    .map(([claim, values]) => says(claimMatcher(claim, values)));
  return matched.length === 0 ? callers(allow) : allOf([...matched, callers(allow)]);
}
