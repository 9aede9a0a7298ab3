// Which agent's cluster a route's call goes to.

import { create } from "@bufbuild/protobuf";
import { BoolValueSchema } from "@bufbuild/protobuf/wkt";
import type { RouteActionSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import {
  PriorityGroupClusterSpecifierSchema,
  PriorityGroupSchema,
} from "@smartcall/envoy/api/envoy/extensions/router/cluster_specifiers/priority_group/v3/priority_group_pb.js";
import type { Destination, Route } from "../model/mesh.ts";
import { any, type PartsOf } from "./message.ts";
import { ownTries } from "./retry.ts";
import { shares, stickyHeader } from "./sticky.ts";

/** Where calls on a route go. */
export type RouteAction = PartsOf<typeof RouteActionSchema>;

/** The one cluster, or several by weight; and the others, where those cannot answer. */
export function clustersOf(route: Route): RouteAction {
  const { fallback, sticky, to } = route;
  if (fallback !== undefined && fallback.length > 0) return groupsOf(route, fallback);
  const [first, ...others] = to;
  if (first !== undefined && others.length === 0) {
    return { clusterSpecifier: { case: "cluster", value: first.agent } };
  }
  return {
    clusterSpecifier: {
      case: "weightedClusters",
      value: {
        clusters: weighted(route).map(({ agent, weight }) => ({ name: agent, weight })),
        ...(sticky !== undefined && byHash),
      },
    },
  };
}

/** The agents that a call on the route may meet, each once. */
export function leadsTo({ fallback = [], to }: Route): readonly string[] {
  return [...new Set([...to.map(({ agent }) => agent), ...fallback])];
}

/** What the choice between several is made by; without the header it is made by chance. */
export function hashPoliciesOf({ sticky, to }: Route): RouteAction {
  if (sticky === undefined || to.length < 2) return {};
  const header = { headerName: stickyHeader(sticky) };
  return { hashPolicy: [{ policySpecifier: { case: "header", value: header } }] };
}

/**
 * The first group is asked first, the next after each try that failed: so the route's
 * own agents as often as it says, then each of the others.
 *
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/cluster_specifier/priority_group
 */
function groupsOf(route: Route, fallback: readonly string[]): RouteAction {
  const own = create(PriorityGroupSchema, {
    name: "own",
    clusters: weighted(route)
      // Envoy takes no group with a weight of 0.
      .filter(({ weight }) => weight > 0)
      .map(({ agent, weight }) => ({ clusterName: agent, weight })),
  });
  const others = fallback.map((agent) =>
    create(PriorityGroupSchema, {
      name: agent,
      clusters: [{ clusterName: agent, weight: 1 }],
    }),
  );
  return {
    clusterSpecifier: {
      case: "inlineClusterSpecifierPlugin",
      value: {
        extension: {
          name: "envoy.router.cluster_specifier_plugin.priority_group",
          typedConfig: any(PriorityGroupClusterSpecifierSchema, {
            priorityGroups: [...Array.from({ length: ownTries(route) }, () => own), ...others],
            ...(route.sticky !== undefined && byHash),
          }),
        },
      },
    },
  };
}

const byHash = {
  randomValueSpecifier: {
    case: "useHashPolicy",
    value: create(BoolValueSchema, { value: true }),
  },
} as const;

function weighted({ sticky, to }: Route): readonly Destination[] {
  return sticky === undefined ? to : shares(to);
}
