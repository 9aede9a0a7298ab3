// Which of an agent's instances takes a call.

import { create } from "@bufbuild/protobuf";
import {
  type LoadBalancingPolicy,
  LoadBalancingPolicySchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import type { RouteAction_HashPolicySchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import { LeastRequestSchema } from "@smartcall/envoy/api/envoy/extensions/load_balancing_policies/least_request/v3/least_request_pb.js";
import { MaglevSchema } from "@smartcall/envoy/api/envoy/extensions/load_balancing_policies/maglev/v3/maglev_pb.js";
import { PercentSchema } from "@smartcall/envoy/api/envoy/type/v3/percent_pb.js";
import type { Balance, HashKey } from "../model/resilience.ts";
import { any, type PartsOf } from "./message.ts";
import { stickyHeader } from "./sticky.ts";

/** The policy of an agent's cluster. */
export function balanceOf(balance: Balance | undefined): LoadBalancingPolicy {
  return balance?.kind === "hash" ? byHash : leastRequest;
}

/**
 * What callers are alike in; none where any instance will do. It is the cluster's and not
 * the routes', so that it does not mix with the choice between the agents of a route.
 */
export function hashPoliciesOf(balance: Balance | undefined): HashPolicy[] {
  if (balance?.kind !== "hash") return [];
  const header = { headerName: hashHeader(balance.by) };
  return [{ policySpecifier: { case: "header", value: header } }];
}

type HashPolicy = PartsOf<typeof RouteAction_HashPolicySchema>;

/** The header that says what a caller is alike in with others. */
function hashHeader(by: HashKey): string {
  return by.kind === "claim" ? stickyHeader(by.claim) : by.header;
}

/**
 * Those of the node's own zone first: as long as one of them can take calls, all do
 * that; then those of all zones. For a node that was started without a zone there are
 * none, and an agent all of whose instances are in one zone is not affected.
 */
const leastRequest: LoadBalancingPolicy = policyOf(
  "envoy.load_balancing_policies.least_request",
  any(LeastRequestSchema, {
    localityLbConfig: {
      localityConfigSpecifier: {
        case: "zoneAwareLbConfig",
        value: {
          routingEnabled: create(PercentSchema, { value: 100 }),
          minClusterSize: 1n,
          forceLocalZone: { minSize: 1 },
        },
      },
    },
  }),
);

/**
 * A table in which each instance has its share of the places: when one leaves, those
 * move that it had, and next to none of the others (a ring, which Envoy fills up again,
 * moves a sixth of them). Zones play no part. Without the header a call goes anywhere.
 */
const byHash: LoadBalancingPolicy = policyOf(
  "envoy.load_balancing_policies.maglev",
  any(MaglevSchema, {}),
);

function policyOf(name: string, value: ReturnType<typeof any>): LoadBalancingPolicy {
  return create(LoadBalancingPolicySchema, {
    policies: [{ typedExtensionConfig: { name, typedConfig: value } }],
  });
}
