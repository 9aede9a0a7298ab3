// Envoy's rate-limit service on the wire: its gRPC definition, and our words for its messages.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MethodDefinition } from "@grpc/grpc-js";
import {
  type RateLimitRequest,
  RateLimitRequestSchema,
  type RateLimitResponse,
  RateLimitResponse_Code,
  RateLimitResponseSchema,
} from "@smartcall/envoy/api/envoy/service/ratelimit/v3/rls_pb.js";
import type { Verdict } from "./verdict.ts";

/** The service by which an Envoy asks whether a call may go on. */
export const rateLimitService: {
  readonly ShouldRateLimit: MethodDefinition<RateLimitRequest, RateLimitResponse>;
} = {
  ShouldRateLimit: {
    path: "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit",
    requestStream: false,
    responseStream: false,
    requestSerialize: (request) => Buffer.from(toBinary(RateLimitRequestSchema, request)),
    requestDeserialize: (bytes) => fromBinary(RateLimitRequestSchema, bytes),
    responseSerialize: (response) => Buffer.from(toBinary(RateLimitResponseSchema, response)),
    responseDeserialize: (bytes) => fromBinary(RateLimitResponseSchema, bytes),
  },
};

/** A verdict as its message. */
export function toMessage({ granted, request, response }: Verdict): RateLimitResponse {
  return create(RateLimitResponseSchema, {
    overallCode: granted ? RateLimitResponse_Code.OK : RateLimitResponse_Code.OVER_LIMIT,
    requestHeadersToAdd: request.map(([key, value]) => ({ key, value })),
    responseHeadersToAdd: response.map(([key, value]) => ({ key, value })),
  });
}
