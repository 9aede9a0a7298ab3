// Filters that the listener has switched off, for the routes of one agent.

import { FilterConfigSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import type { EnvoyRoute } from "../call-match.ts";
import { any } from "../message.ts";

/**
 * Switches filters on where the route does not say itself what they do. It must be done on
 * every route of an agent: Envoy makes the chain of filters by the route that a call has
 * before its claims and its model are known.
 *
 * @param filters by their names
 */
export function switchingOn(filters: readonly string[]): (route: EnvoyRoute) => EnvoyRoute {
  if (filters.length === 0) return (route) => route;
  const switches = Object.fromEntries(filters.map((name) => [name, on]));
  return (route) => ({
    ...route,
    typedPerFilterConfig: { ...switches, ...route.typedPerFilterConfig },
  });
}

/** A filter as the listener has it, switched on. */
const on = any(FilterConfigSchema, { config: {} });
