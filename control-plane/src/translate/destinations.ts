// Which agent's cluster a route's call goes to.

import type { RouteActionSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import type { Route } from "../model/mesh.ts";
import type { PartsOf } from "./message.ts";
import { shares, stickyHeader } from "./sticky.ts";

/** Where calls on a route go. */
export type RouteAction = PartsOf<typeof RouteActionSchema>;

/** The one cluster, or several by weight. */
export function clustersOf({ sticky, to }: Route): RouteAction {
  const [first, ...others] = to;
  if (first !== undefined && others.length === 0) {
    return { clusterSpecifier: { case: "cluster", value: first.agent } };
  }
  const weighted = sticky === undefined ? to : shares(to);
  return {
    clusterSpecifier: {
      case: "weightedClusters",
      value: {
        clusters: weighted.map(({ agent, weight }) => ({ name: agent, weight })),
        ...(sticky !== undefined && {
          randomValueSpecifier: { case: "useHashPolicy" as const, value: { value: true } },
        }),
      },
    },
  };
}

/** What the choice between several is made by; without the header it is made by chance. */
export function hashPoliciesOf({ sticky, to }: Route): RouteAction {
  if (sticky === undefined || to.length < 2) return {};
  const header = { headerName: stickyHeader(sticky) };
  return { hashPolicy: [{ policySpecifier: { case: "header", value: header } }] };
}
