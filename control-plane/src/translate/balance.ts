// Which of an agent's instances takes a call.

import { create } from "@bufbuild/protobuf";
import {
  type LoadBalancingPolicy,
  LoadBalancingPolicySchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import type { RouteAction_HashPolicySchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import { LeastRequestSchema } from "@smartcall/envoy/api/envoy/extensions/load_balancing_policies/least_request/v3/least_request_pb.js";
import {
  RingHash_HashFunction,
  RingHashSchema,
} from "@smartcall/envoy/api/envoy/extensions/load_balancing_policies/ring_hash/v3/ring_hash_pb.js";
import { PercentSchema } from "@smartcall/envoy/api/envoy/type/v3/percent_pb.js";
import type { Balance, HashKey } from "../model/resilience.ts";
import { any, type PartsOf } from "./message.ts";
import { stickyHeader } from "./sticky.ts";

/**
 * The policy of an agent's cluster. What callers are alike in is said here and not by
 * routes, so that it does not mix with the choice between the agents of a route.
 */
export function balanceOf(balance: Balance | undefined): LoadBalancingPolicy {
  return balance === undefined || balance.kind === "least-request"
    ? leastRequest
    : byHash(balance.by);
}

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
 * A ring, on which each instance has many places: when one leaves, only those move that
 * it had. Zones play no part. Without the header a call goes anywhere.
 */
function byHash(by: HashKey): LoadBalancingPolicy {
  const hashPolicy: PartsOf<typeof RouteAction_HashPolicySchema> = {
    policySpecifier: { case: "header", value: { headerName: hashHeader(by) } },
  };
  return policyOf(
    "envoy.load_balancing_policies.ring_hash",
    any(RingHashSchema, {
      hashFunction: RingHash_HashFunction.XX_HASH,
      minimumRingSize: 1024n,
      consistentHashingLbConfig: { hashPolicy: [hashPolicy] },
    }),
  );
}

function policyOf(name: string, value: ReturnType<typeof any>): LoadBalancingPolicy {
  return create(LoadBalancingPolicySchema, {
    policies: [{ typedExtensionConfig: { name, typedConfig: value } }],
  });
}
