// What a route tells the filters that count its calls.

import type { JsonObject } from "@bufbuild/protobuf";
import type { MetadataSchema } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import type { Limit } from "../../model/limit.ts";
import type { Route } from "../../model/mesh.ts";
import type { EnvoyRoute } from "../call-match.ts";
import type { PartsOf } from "../message.ts";
import { names } from "../names.ts";
import { bucketKey, limitFilter, type Window, whole, windows } from "./limits.ts";
import { limitsKey, limitsText } from "./limits-answer.ts";
import { switchingOn } from "./switching-on.ts";

type GatewayLimit = Extract<Limit, { kind: "requests" }> & { readonly per: Window };

/** Metadata of one of Envoy's routes. */
type RouteMetadata = PartsOf<typeof MetadataSchema>;

/** A route as far as calls are counted on it. */
type Limited = Pick<Route, "limits">;

/**
 * The metadata of a route, with its limits by their places. Those of a second come
 * first: a call that they refuse is not counted by the others.
 */
export function withLimits(metadata: RouteMetadata, route: Limited): RouteMetadata {
  const limits = gatewayLimits(route);
  if (limits.length === 0) return metadata;
  const described = limits.map((limit, index) => [`${index + 1}`, describe(limit)]);
  const told = limits.map((limit) => ({
    ...limit,
    cost: costOf(limit),
    seconds: windows[limit.per],
  }));
  return {
    ...metadata,
    filterMetadata: {
      ...metadata.filterMetadata,
      [names.limits]: Object.fromEntries(described),
      [names.answer]: { [limitsKey]: limitsText(told) },
    },
  };
}

/**
 * Switches on what one of the agent's routes needs, on every one of Envoy's for
 * this agent: Envoy makes the chain of filters by the route that a call has before
 * its claims are known.
 *
 * @param routes all of one agent
 */
export function withLimitsOn(routes: readonly Limited[]): (route: EnvoyRoute) => EnvoyRoute {
  const most = Math.max(0, ...routes.map((route) => gatewayLimits(route).length));
  if (most === 0) return (route) => route;
  const filters = Array.from({ length: most }, (_, index) => limitFilter(index + 1));
  return switchingOn(filters);
}

function gatewayLimits({ limits = [] }: Limited): readonly GatewayLimit[] {
  const counted = limits.filter(isGatewayLimit);
  return counted.sort((one, other) => windows[one.per] - windows[other.per]);
}

function isGatewayLimit(limit: Limit): limit is GatewayLimit {
  return limit.kind === "requests" && limit.per in windows;
}

/** Read by the filters. */
function describe(limit: GatewayLimit): JsonObject {
  const { by, name, per } = limit;
  return {
    [bucketKey(per, by.kind)]: name,
    name,
    cost: costOf(limit),
    ...(by.kind === "claim" && { claim: by.claim }),
  };
}

/** How much of a bucket a call takes; rounded down, so that all of them fit. */
function costOf({ requests }: GatewayLimit): number {
  return Math.max(1, Math.floor(whole / requests));
}
