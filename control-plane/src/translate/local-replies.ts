// The one shape of every answer that Envoy gives by itself.

import { create, type JsonObject, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type AccessLogFilter,
  AccessLogFilterSchema,
  ComparisonFilter_Op,
} from "@smartcall/envoy/api/envoy/config/accesslog/v3/accesslog_pb.js";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import { ExpressionFilterSchema } from "@smartcall/envoy/api/envoy/extensions/access_loggers/filters/cel/v3/cel_pb.js";
import {
  type LocalReplyConfig,
  LocalReplyConfigSchema,
  type ResponseMapper,
  ResponseMapperSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { StringMatcherSchema } from "@smartcall/envoy/api/envoy/type/matcher/v3/string_pb.js";
import { deniedPolicies } from "./filters/denied.ts";
import { any } from "./message.ts";
import { names } from "./names.ts";
import { errorDomain, grpcCodes, type Refusal, statusDetails, tooLarge } from "./refusal.ts";
import { ofRoute } from "./route-metadata.ts";
import { metByRefusal, tableRefusals } from "./table-refusals.ts";

/** Maps each refusal to the envelope (AIP-193), or for gRPC callers to a status with details. */
export function localReplies(): LocalReplyConfig {
  return create(LocalReplyConfigSchema, {
    mappers: [
      forRest(unreadable, notRead),
      forRest(noPath, notRead),
      forRest(noUpgrade, tunnel),
      forRest(noUpgrade, upgrade),
      ...deniedRefusals.flatMap(({ policy, refusal }) => forAll(refusal, deniedBy(policy))),
      ...tableRefusals.flatMap((refusal) => forAll(refusal, metByRefusal)),
      ...refusals.flatMap((refusal) => forAll(refusal)),
    ],
  });
}

const body = "%LOCAL_REPLY_BODY%";

/** What Envoy could not even read has no id. */
const unreadable: Refusal = {
  http: 400,
  status: "INVALID_ARGUMENT",
  reason: "INVALID_REQUEST",
  message: "The request is no valid HTTP.",
};

/** Such as `OPTIONS *`, which no route can match. */
const noPath: Refusal = {
  http: 404,
  status: "NOT_FOUND",
  reason: "UNKNOWN_PATH",
  message: "Nothing is at this path.",
};

/** Envoy refuses it before it looks for a route. */
const noUpgrade: Refusal = {
  http: 403,
  status: "PERMISSION_DENIED",
  reason: "UPGRADE_NOT_ALLOWED",
  message: "The gateway opens no tunnel, and changes to no other protocol here.",
};

/** What the filter `denied` refuses: Envoy itself says of all of it that it is forbidden. */
const deniedRefusals: readonly { readonly policy: string; readonly refusal: Refusal }[] = [
  {
    policy: deniedPolicies.revoked,
    refusal: {
      http: 401,
      given: 403,
      status: "UNAUTHENTICATED",
      reason: "TOKEN_REVOKED",
      message: "The token, or the caller whose it is, was revoked.",
    },
  },
  {
    policy: deniedPolicies.tokens,
    refusal: {
      http: 401,
      given: 403,
      status: "UNAUTHENTICATED",
      reason: "TOKEN_NOT_ACCEPTED",
      message: `The call has more than one token: give one, in authorization or ${names.apiKeyHeader}.`,
    },
  },
];

/**
 * By status. Where the route knows better what it refuses (which agent, which
 * scope), its metadata says so.
 */
const refusals: readonly Refusal[] = [
  { http: 400, status: "INVALID_ARGUMENT", reason: "INVALID_REQUEST", message: body },
  {
    http: 401,
    status: "UNAUTHENTICATED",
    reason: "TOKEN_NOT_ACCEPTED",
    message: `The call needs a token that is valid here (${body}).`,
  },
  {
    http: 403,
    status: "PERMISSION_DENIED",
    reason: ofRoute.reason,
    message: ofRoute.message,
  },
  { http: 404, status: "NOT_FOUND", reason: ofRoute.reason, message: ofRoute.message },
  { http: 405, status: "UNIMPLEMENTED", reason: ofRoute.reason, message: ofRoute.message },
  {
    http: 408,
    status: "DEADLINE_EXCEEDED",
    reason: "REQUEST_TIMEOUT",
    message: "The request did not arrive whole in time.",
  },
  tooLarge,
  {
    http: 429,
    status: "RESOURCE_EXHAUSTED",
    reason: "RATE_LIMITED",
    message: "Too many calls: try again later.",
  },
  {
    http: 431,
    status: "INVALID_ARGUMENT",
    reason: "HEADERS_TOO_LARGE",
    message: "The request's headers are too large.",
  },
  {
    http: 500,
    status: "INTERNAL",
    reason: "INTERNAL",
    message: "The gateway failed.",
  },
  {
    http: 502,
    status: "UNAVAILABLE",
    reason: "BAD_ANSWER",
    message: "The agent's answer could not be understood.",
  },
  {
    http: 503,
    status: "UNAVAILABLE",
    reason: "AGENT_UNAVAILABLE",
    message: `The agent ${ofRoute.agent} cannot be reached: try again later.`,
  },
  {
    http: 504,
    status: "DEADLINE_EXCEEDED",
    reason: "DEADLINE_EXCEEDED",
    message: "The call took longer than it may.",
  },
];

function forAll(refusal: Refusal, ...more: readonly AccessLogFilter[]): ResponseMapper[] {
  return [forGrpc(refusal, ...more), forRest(refusal, ...more)];
}

function forRest(refusal: Refusal, ...more: readonly AccessLogFilter[]): ResponseMapper {
  return create(ResponseMapperSchema, {
    filter: allOf(statusIs(refusal.given ?? refusal.http), ...more),
    ...(refusal.given !== undefined && { statusCode: refusal.http }),
    bodyFormatOverride: {
      format: { case: "jsonFormat", value: envelope(refusal) },
      omitEmptyValues: true,
    },
    // For the access log, which would guess it from the HTTP status.
    headersToAdd: [header("grpc-status", grpcStatusOf(refusal)), ...retryAfter(refusal)],
  });
}

/** What RBAC writes into a call's metadata comes too late for its answer; the details are there. */
function deniedBy(policy: string): AccessLogFilter {
  const expression = `response.code_details == "rbac_access_denied_matched_policy[${policy}]"`;
  return create(AccessLogFilterSchema, {
    filterSpecifier: {
      case: "extensionFilter",
      value: {
        name: "details",
        configType: { case: "typedConfig", value: any(ExpressionFilterSchema, { expression }) },
      },
    },
  });
}

function envelope(refusal: Refusal): JsonObject {
  return {
    error: {
      code: refusal.http,
      status: refusal.status,
      message: refusal.message,
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason: refusal.reason,
          domain: errorDomain,
          metadata: { requestId: "%REQ(x-request-id)%", rule: `%RESP(${names.ruleHeader})%` },
        },
      ],
    },
  };
}

function forGrpc(refusal: Refusal, ...more: readonly AccessLogFilter[]): ResponseMapper {
  const details = knownByRoute(refusal) ? ofRoute.details : statusDetails(refusal);
  return create(ResponseMapperSchema, {
    filter: allOf(statusIs(refusal.given ?? refusal.http), grpcRequest, notTranscoded, ...more),
    bodyFormatOverride: {
      format: {
        case: "textFormatSource",
        value: { specifier: { case: "inlineString", value: refusal.message } },
      },
    },
    headersToAdd: [
      header("grpc-status", grpcStatusOf(refusal)),
      header("grpc-status-details-bin", details),
    ],
  });
}

function knownByRoute(refusal: Refusal): boolean {
  return refusal.reason === ofRoute.reason;
}

function grpcStatusOf(refusal: Refusal): string {
  return knownByRoute(refusal) ? ofRoute.grpcStatus : `${grpcCodes[refusal.status]}`;
}

function retryAfter(refusal: Refusal) {
  return refusal.status === "UNAVAILABLE" ? [header("retry-after", "1")] : [];
}

function header(key: string, value: string) {
  return {
    header: { key, value },
    appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
  };
}

function statusIs(http: number): AccessLogFilter {
  return create(AccessLogFilterSchema, {
    filterSpecifier: {
      case: "statusCodeFilter",
      value: {
        comparison: {
          op: ComparisonFilter_Op.EQ,
          value: { defaultValue: http, runtimeKey: "smartcall.never" },
        },
      },
    },
  });
}

const grpcRequest = headerFits("content-type", { case: "prefix", value: "application/grpc" });

const tunnel = headerFits(":method", { case: "exact", value: "CONNECT" });

const upgrade = headerFits("connection", {
  case: "safeRegex",
  value: { regex: "(?i).*upgrade.*" },
});

function headerFits(
  name: string,
  matchPattern: NonNullable<MessageInitShape<typeof StringMatcherSchema>["matchPattern"]>,
): AccessLogFilter {
  return create(AccessLogFilterSchema, {
    filterSpecifier: {
      case: "headerFilter",
      value: {
        header: { name, headerMatchSpecifier: { case: "stringMatch", value: { matchPattern } } },
      },
    },
  });
}

// The transcoder keeps there what the caller asked for. A caller's own was removed.
const notTranscoded = without("x-envoy-original-path");

const notRead = without("x-request-id");

function without(name: string): AccessLogFilter {
  return create(AccessLogFilterSchema, {
    filterSpecifier: {
      case: "headerFilter",
      value: {
        header: { name, headerMatchSpecifier: { case: "presentMatch", value: false } },
      },
    },
  });
}

/** Envoy takes no conjunction of fewer than two. */
function allOf(first: AccessLogFilter, ...others: readonly AccessLogFilter[]): AccessLogFilter {
  if (others.length === 0) return first;
  return create(AccessLogFilterSchema, {
    filterSpecifier: { case: "andFilter", value: { filters: [first, ...others] } },
  });
}
