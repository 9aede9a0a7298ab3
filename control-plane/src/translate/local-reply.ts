// One refusal as Envoy tells it: the envelope (AIP-193) by REST, a status with details by gRPC.

import { create, type JsonObject } from "@bufbuild/protobuf";
import type { AccessLogFilter } from "@smartcall/envoy/api/envoy/config/accesslog/v3/accesslog_pb.js";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  type ResponseMapper,
  ResponseMapperSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { CanonicalCode } from "@smartcall/protos";
import { everywhere } from "./filters/answer-headers.ts";
import { allOf, isGrpc, statusIs } from "./local-reply-filters.ts";
import { names } from "./names.ts";
import {
  errorDomain,
  grpcStatusOf,
  invalidToken,
  type Refusal,
  rowOf,
  statusDetails,
} from "./refusal.ts";
import { ofRoute } from "./route-metadata.ts";

/** What callers are told; texts may hold Envoy's substitutions. */
export interface Told {
  readonly http: number;
  readonly status: CanonicalCode;
  readonly reason: string;
  readonly message: string;
  readonly fault: string;
  readonly retry: string;
  /** After how many seconds; absent, the answer does not say it. */
  readonly retryAfter?: string | undefined;
  /** The rule that refuses, where no filter has said it. */
  readonly rule?: string | undefined;
  /** Absent, what the request has as its id. */
  readonly requestId?: string;
  /** What else the answer's headers say. */
  readonly headers?: readonly { readonly key: string; readonly value: string }[];
  /** The status as gRPC counts them, and its details. */
  readonly grpcStatus: string;
  readonly details: string;
}

/** A refusal, by the rule that it is told with. */
export function told(refusal: Refusal, rule?: string): Told {
  const { fault, http, retry, retrySeconds, status } = rowOf(refusal);
  return {
    http,
    status,
    fault,
    retry,
    retryAfter: retrySeconds === undefined ? undefined : `${retrySeconds}`,
    reason: refusal.reason,
    message: refusal.message,
    grpcStatus: grpcStatusOf(refusal),
    details: statusDetails(refusal),
    rule,
  };
}

/** What the metadata of the call's route says; `like` has the same of it in common. */
export function toldByRoute(like: Refusal, rule?: string): Told {
  const { details, grpcStatus, message, reason } = ofRoute;
  return { ...told(like, rule), details, grpcStatus, message, reason };
}

/** The name of the route that took the call, as a rule. */
export const callRoute = "%ROUTE_NAME%";

/** When it is told: Envoy chose the status `given`, by default that of REST, and all else fits. */
export interface ToldWhen {
  readonly given?: number;
  readonly also?: readonly AccessLogFilter[];
}

/** For both doors. */
export function forAll(refusal: Told, when: ToldWhen = {}): ResponseMapper[] {
  return [forGrpc(refusal, when), forRest(refusal, when)];
}

/** For REST, and for what is neither. */
export function forRest(refusal: Told, { given, also = [] }: ToldWhen = {}): ResponseMapper {
  return create(ResponseMapperSchema, {
    filter: allOf(statusIs(given ?? refusal.http), ...also),
    ...(given !== undefined && { statusCode: refusal.http }),
    bodyFormatOverride: {
      format: { case: "jsonFormat", value: envelope(refusal) },
      omitEmptyValues: true,
    },
    headersToAdd: [
      // For the access log, which would guess it from the HTTP status.
      header("grpc-status", refusal.grpcStatus),
      ...headersOf(refusal),
    ],
  });
}

function forGrpc(refusal: Told, { given, also = [] }: ToldWhen): ResponseMapper {
  return create(ResponseMapperSchema, {
    filter: allOf(statusIs(given ?? refusal.http), ...isGrpc(), ...also),
    bodyFormatOverride: {
      format: {
        case: "textFormatSource",
        value: { specifier: { case: "inlineString", value: refusal.message } },
      },
    },
    headersToAdd: [
      header("grpc-status", refusal.grpcStatus),
      header("grpc-status-details-bin", refusal.details),
      ...headersOf(refusal),
    ],
  });
}

function envelope(refusal: Told): JsonObject {
  const { fault, http, message, reason, retry, retryAfter, status } = refusal;
  const info = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason,
    domain: errorDomain,
    metadata: {
      requestId: refusal.requestId ?? "%REQ(x-request-id)%",
      rule: `%RESP(${names.ruleHeader})%`,
      fault,
      retry,
    },
  };
  const retryInfo = {
    "@type": "type.googleapis.com/google.rpc.RetryInfo",
    retryDelay: `${retryAfter}s`,
  };
  return {
    error: {
      code: http,
      status,
      message,
      details: retryAfter === undefined ? [info] : [info, retryInfo],
    },
  };
}

/** What a filter has said of them stays. */
function headersOf({ headers = [], http, retryAfter, rule }: Told) {
  const { ADD_IF_ABSENT } = HeaderValueOption_HeaderAppendAction;
  return [
    // Also where the answer had begun: then it meets no filter any more.
    ...everywhere.map(({ key, value }) => header(key, value)),
    ...headers.map(({ key, value }) => header(key, value)),
    ...(retryAfter === undefined ? [] : [header("retry-after", retryAfter, ADD_IF_ABSENT)]),
    ...(rule === undefined ? [] : [header(names.ruleHeader, rule, ADD_IF_ABSENT)]),
    // RFC 9110, 15.5.2: also where Envoy itself had forbidden the call.
    ...(http === 401 ? [header("www-authenticate", invalidToken, ADD_IF_ABSENT)] : []),
  ];
}

function header(
  key: string,
  value: string,
  appendAction = HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
) {
  return { header: { key, value }, appendAction };
}
