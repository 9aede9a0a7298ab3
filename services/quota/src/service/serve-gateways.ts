// Envoy's rate-limit service on a gRPC server.

import { type Server, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import type {
  RateLimitRequest,
  RateLimitResponse,
} from "@smartcall/envoy/api/envoy/service/ratelimit/v3/rls_pb.js";
import { readAsk } from "./descriptor.ts";
import type { Quota } from "./quota.ts";
import { rateLimitService, toMessage } from "./wire.ts";

type Answer = sendUnaryData<RateLimitResponse>;

/** Adds the service to a server. `failed` is told of bugs; the gateway hears INTERNAL. */
export function serveGateways(
  server: Server,
  quota: Quota,
  failed: (error: unknown) => void,
): void {
  server.addService(rateLimitService, {
    ShouldRateLimit(call: ServerUnaryCall<RateLimitRequest, RateLimitResponse>, answer: Answer) {
      const ask = readAsk(call.request.descriptors);
      if (ask === undefined) {
        const details = "A descriptor needs a phase, an id, and to reserve a route.";
        answer({ code: status.INVALID_ARGUMENT, details });
        return;
      }
      quota(ask, () => call.cancelled).then(
        (answered) => {
          if (answered.ok) answer(null, toMessage(answered.verdict));
          else answer({ code: status.UNAVAILABLE, details: answered.problem });
        },
        (error: unknown) => {
          failed(error);
          answer({ code: status.INTERNAL, details: "The quota service has a bug." });
        },
      );
    },
  });
}
