// How many calls a gateway has at once, to all agents together.

import type { Any } from "@bufbuild/protobuf/wkt";
import { AdaptiveConcurrencySchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/adaptive_concurrency/v3/adaptive_concurrency_pb.js";
import { StatusCode } from "@smartcall/envoy/api/envoy/type/v3/http_status_pb.js";
import type { Bounds } from "../../model/bounds.ts";
import { any, milliseconds } from "../message.ts";

/** What Envoy notes of a call that it refused. */
export const callsAtOnceDetails = "reached_concurrency_limit";

/**
 * Envoy's adaptive bound, held still: its least and its most are the same, and with a fixed
 * time to compare with it never measures one, for which it would let few calls in. Here a call is
 * refused before its body is read; at the agent's own bound it is translated already, and Envoy
 * holds all that until its loop comes round.
 */
export function callsAtOnce({ calls }: Bounds): Any {
  return any(AdaptiveConcurrencySchema, {
    concurrencyControllerConfig: {
      case: "gradientControllerConfig",
      value: {
        concurrencyLimitParams: {
          maxConcurrencyLimit: calls,
          concurrencyUpdateInterval: milliseconds(60_000),
        },
        minRttCalcParams: { fixedValue: milliseconds(1_000), minConcurrency: calls },
      },
    },
    concurrencyLimitExceededStatus: { code: StatusCode.ServiceUnavailable },
  });
}
