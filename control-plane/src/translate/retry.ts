// Which failed calls the edge tries again.

import { create } from "@bufbuild/protobuf";
import {
  type RetryPolicy,
  RetryPolicySchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import { PreviousHostsPredicateSchema } from "@smartcall/envoy/api/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb.js";
import type { Route } from "../model/mesh.ts";
import { any } from "./message.ts";

/**
 * How often Envoy chooses until it meets another instance. Many, because it prefers
 * those with few calls, and an instance that fails at once has always few.
 */
const choices = 100n;

/** No instance took the call. */
const untaken = ["connect-failure", "refused-stream"];

/** Of all routes that do not say more: what never reached an agent is tried again. */
export const standardRetry: RetryPolicy = policyOf(undefined);

/**
 * What never reached an agent is always tried again; what else is, the route says.
 * Each time on an instance that was not asked before, where there is one.
 *
 * @returns undefined where it is as on all routes
 */
export function retryPolicyOf({ retry }: Route): RetryPolicy | undefined {
  return retry === undefined ? undefined : policyOf(retry);
}

function policyOf(retry: Route["retry"]): RetryPolicy {
  return create(RetryPolicySchema, {
    retryOn: [...untaken, ...(retry?.on ?? [])].join(","),
    numRetries: retry?.attempts ?? 2,
    retryHostPredicate: [
      {
        name: "previous-hosts",
        configType: { case: "typedConfig", value: any(PreviousHostsPredicateSchema, {}) },
      },
    ],
    hostSelectionRetryMaxAttempts: choices,
  });
}
