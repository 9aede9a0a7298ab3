// What the quota service counts: budgets, long windows, and calls at once.

import { ApiVersion } from "@smartcall/envoy/api/envoy/config/core/v3/config_source_pb.js";
import { RateLimitSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/ratelimit/v3/rate_limit_pb.js";
import { StatusCode } from "@smartcall/envoy/api/envoy/type/v3/http_status_pb.js";
import { any, milliseconds, type PartsOf } from "../message.ts";
import { names } from "../names.ts";

/**
 * How long a call waits for the service, in milliseconds: more than the service
 * itself waits for news of a route that it does not know yet.
 */
const patienceMs = 2_000;

/**
 * How long an end is told again while the service does not take it, in milliseconds:
 * longer than one that was killed takes to come back. Nobody waits for it.
 */
const endPatienceMs = 30_000;

/**
 * Both ask nothing of their own: a route says what is counted, see `quotaPerRoute`,
 * under the name of the one that it wants.
 *
 * A route without a budget does not switch them off by `disabled`: Envoy would read that from
 * the route that a call had before its claims and its model were known, and so calls would
 * pass uncounted. They are off for whole agents, see `withQuotaOn`.
 */
const shared = {
  domain: "smartcall",
  timeout: milliseconds(patienceMs),
  rateLimitedAsResourceExhausted: true,
  disableXEnvoyRatelimitedHeader: true,
  rateLimitService: {
    grpcService: {
      targetSpecifier: { case: "envoyGrpc", value: { clusterName: names.quotaCluster } },
    },
    transportApiVersion: ApiVersion.V3,
  },
} as const satisfies PartsOf<typeof RateLimitSchema>;

/** Refuses calls while the service does not answer. */
export const quotaClosed = any(RateLimitSchema, {
  ...shared,
  statPrefix: "quota-closed",
  failureModeDeny: true,
  statusOnError: { code: StatusCode.ServiceUnavailable },
});

/**
 * Tells the end of every call that the others asked for. It is a filter of its own, for
 * Envoy's says nothing of the end while it waits for an answer: a client that leaves then
 * would keep what was reserved for it. It stands before them, so that on one connection the
 * end comes after the question.
 */
export const quotaEnd = any(RateLimitSchema, {
  ...shared,
  statPrefix: "quota-end",
  timeout: milliseconds(endPatienceMs),
  rateLimitService: {
    grpcService: {
      targetSpecifier: {
        case: "envoyGrpc",
        value: { clusterName: names.quotaCluster },
      },
      // To tell it twice does no harm. `retryPolicy` of the gRPC service does nothing here
      // (Envoy 1.40); the waits between grow from 25 to 250 ms.
      initialMetadata: [
        { key: "x-envoy-retry-on", value: "connect-failure,refused-stream,reset" },
        { key: "x-envoy-retry-grpc-on", value: "unavailable" },
        { key: "x-envoy-max-retries", value: "300" },
      ],
    },
    transportApiVersion: ApiVersion.V3,
  },
});

/** Lets calls pass uncounted while the service does not answer. */
export const quotaOpen = any(RateLimitSchema, { ...shared, statPrefix: "quota-open" });
