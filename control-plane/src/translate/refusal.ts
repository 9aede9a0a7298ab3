// Why the edge itself refuses a call, told alike to REST and gRPC callers.

import { create, toBinary } from "@bufbuild/protobuf";
import {
  ErrorInfoSchema,
  RetryInfoSchema,
} from "@smartcall/envoy/api/google/rpc/error_details_pb.js";
import { StatusSchema } from "@smartcall/envoy/api/google/rpc/status_pb.js";
import { canonicalCodes, type Reason, type ReasonRow, reasons } from "@smartcall/protos";
import { any } from "./message.ts";
import { remembered } from "./remembered.ts";

/** One refusal; what else is known of it stands in the table of reasons. */
export interface Refusal {
  readonly reason: Reason;
  /** A sentence for people; may hold Envoy's substitutions. */
  readonly message: string;
}

/** The `domain` of every ErrorInfo that the edge writes. */
export const errorDomain = "smartcall";

/** What `www-authenticate` says of a token that is not good (RFC 6750, section 3.1). */
export const invalidToken = 'Bearer error="invalid_token"';

/** What is known of the refusal's reason. */
export function rowOf({ reason }: Refusal): ReasonRow {
  return reasons[reason];
}

/** The refusal's status as gRPC counts them. */
export function grpcStatusOf(refusal: Refusal): string {
  return `${canonicalCodes[rowOf(refusal).status]}`;
}

/**
 * What stands in `grpc-status-details-bin`: the reason in a form that programs read.
 * It is fixed: the rule and the request's id are headers beside it.
 *
 * @returns base64 of a google.rpc.Status
 */
export function statusDetails({ message, reason }: Refusal): string {
  // gRPC libraries take the message from `grpc-message`; this one can hold no request's values.
  const refusal = { reason, message: message.includes("%") ? "" : message };
  return byRefusal.of(JSON.stringify(refusal), () =>
    Buffer.from(statusBytes(refusal)).toString("base64"),
  );
}

const byRefusal = remembered<string>(1_000);

/** The same, its message as it is, for what answers by itself: a google.rpc.Status. */
export function statusBytes(refusal: Refusal): Uint8Array {
  const { fault, retry, retrySeconds, status: code } = rowOf(refusal);
  const info = { reason: refusal.reason, domain: errorDomain, metadata: { fault, retry } };
  const delay = { retryDelay: { seconds: BigInt(retrySeconds ?? 0) } };
  const status = create(StatusSchema, {
    code: canonicalCodes[code],
    message: refusal.message,
    details: [
      any(ErrorInfoSchema, info),
      ...(retrySeconds === undefined ? [] : [any(RetryInfoSchema, delay)]),
    ],
  });
  return toBinary(StatusSchema, status);
}
