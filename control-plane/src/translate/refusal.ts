// Why the edge itself refuses a call, told alike to REST and gRPC callers.

import { create, toBinary } from "@bufbuild/protobuf";
import { ErrorInfoSchema } from "@smartcall/envoy/api/google/rpc/error_details_pb.js";
import { StatusSchema } from "@smartcall/envoy/api/google/rpc/status_pb.js";
import { largestRequest } from "@smartcall/protos";
import { any } from "./message.ts";
import { remembered } from "./remembered.ts";

/** One reason to refuse a call. */
export interface Refusal {
  /** The HTTP status. */
  readonly http: number;
  /** The HTTP status that Envoy itself chose for it, where that is another. */
  readonly given?: number;
  readonly status: keyof typeof grpcCodes;
  /** In upper snake case, for programs (google.rpc.ErrorInfo). */
  readonly reason: string;
  /** A sentence for people; may hold Envoy's substitutions. */
  readonly message: string;
}

/** The number of each status that we use, as gRPC counts them. */
export const grpcCodes = {
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** Of a request's body, or of one message of a gRPC call. */
export const tooLarge: Refusal = {
  http: 413,
  status: "INVALID_ARGUMENT",
  reason: "REQUEST_TOO_LARGE",
  message: `The request is too large: it may have ${largestRequest / 1024 / 1024} MiB.`,
};

/** The `domain` of every ErrorInfo that the edge writes. */
export const errorDomain = "smartcall";

/**
 * What stands in `grpc-status-details-bin`: the reason in a form that programs read.
 *
 * @returns base64 of a google.rpc.Status
 */
export function statusDetails(refusal: Refusal): string {
  return byRefusal.of(JSON.stringify(refusal), () => encodedDetails(refusal));
}

const byRefusal = remembered<string>(1_000);

function encodedDetails(refusal: Refusal): string {
  const status = create(StatusSchema, {
    code: grpcCodes[refusal.status],
    // gRPC libraries take the message from `grpc-message`; this one can hold no request's values.
    message: refusal.message.includes("%") ? "" : refusal.message,
    details: [any(ErrorInfoSchema, { reason: refusal.reason, domain: errorDomain })],
  });
  return Buffer.from(toBinary(StatusSchema, status)).toString("base64");
}
