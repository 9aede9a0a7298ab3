// Which agent's cluster a route's call goes to.

import { create } from "@bufbuild/protobuf";
import {
  type RouteAction,
  type RouteAction_HashPolicy,
  RouteAction_HashPolicySchema,
  RouteActionSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import type { Route } from "../model/mesh.ts";
import { shares, stickyHeader } from "./sticky.ts";

/** The one cluster, or several by weight. */
export function clustersOf({ sticky, to }: Route): RouteAction["clusterSpecifier"] {
  const [first, ...others] = to;
  if (first !== undefined && others.length === 0) return { case: "cluster", value: first.agent };
  const weighted = sticky === undefined ? to : shares(to);
  return create(RouteActionSchema, {
    clusterSpecifier: {
      case: "weightedClusters",
      value: {
        clusters: weighted.map(({ agent, weight }) => ({ name: agent, weight })),
        ...(sticky !== undefined && {
          randomValueSpecifier: { case: "useHashPolicy" as const, value: { value: true } },
        }),
      },
    },
  }).clusterSpecifier;
}

/** What the choice between several is made by; without the header it is made by chance. */
export function hashPoliciesOf({ sticky, to }: Route): RouteAction_HashPolicy[] {
  if (sticky === undefined || to.length < 2) return [];
  return [
    create(RouteAction_HashPolicySchema, {
      policySpecifier: { case: "header", value: { headerName: stickyHeader(sticky) } },
    }),
  ];
}
