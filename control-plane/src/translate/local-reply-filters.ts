// Which of Envoy's own answers a refusal is told by.

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type AccessLogFilter,
  AccessLogFilterSchema,
  ComparisonFilter_Op,
} from "@smartcall/envoy/api/envoy/config/accesslog/v3/accesslog_pb.js";
import { ExpressionFilterSchema } from "@smartcall/envoy/api/envoy/extensions/access_loggers/filters/cel/v3/cel_pb.js";
import type { StringMatcherSchema } from "@smartcall/envoy/api/envoy/type/matcher/v3/string_pb.js";
import { any } from "./message.ts";
import { names } from "./names.ts";

/** Fits where Envoy chose this status. */
export function statusIs(http: number): AccessLogFilter {
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

/** What RBAC writes into a call's metadata comes too late for its answer; the details are there. */
export function deniedBy(policy: string): AccessLogFilter {
  return fits(`response.code_details == "rbac_access_denied_matched_policy[${policy}]"`);
}

/** Fits where Envoy's own words for why begin so. */
export function detailsBegin(text: string): AccessLogFilter {
  return fits(`response.code_details.startsWith("${text}")`);
}

/**
 * Fits calls that failed: with a status that is not OK, or without any because they broke off.
 * One that its caller has left is none of them.
 *
 * @param here only those that came no further than this Envoy
 */
export function failed(here = false): AccessLogFilter {
  const left = 'response.code_details.matches("^(downstream_remote|http2.remote_reset)")';
  const others = here ? ' && response.code_details != "via_upstream"' : "";
  return fits(`response.grpc_status != 0 && !${left}${others}`);
}

/** Fits where a filter has set this header of the answer. */
export function answerSays(name: string, value: string): AccessLogFilter {
  return fits(`response.headers["${name}"] == "${value}"`);
}

/** Fits where the metadata of the call's route has this key, which is true wherever it stands. */
export function routeSays(key: string): AccessLogFilter {
  return fits(`xds.route_metadata.filter_metadata["${names.metadata}"]["${key}"]`);
}

/** https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes */
function fits(expression: string): AccessLogFilter {
  return create(AccessLogFilterSchema, {
    filterSpecifier: {
      case: "extensionFilter",
      value: {
        name: "expression",
        configType: { case: "typedConfig", value: any(ExpressionFilterSchema, { expression }) },
      },
    },
  });
}

/** Fits native gRPC calls. The transcoder keeps in that header what a REST caller asked for. */
export function isGrpc(): readonly AccessLogFilter[] {
  return [
    headerFits("content-type", { case: "prefix", value: "application/grpc" }),
    without("x-envoy-original-path"),
  ];
}

/** Fits what Envoy could not read as a request: it has no id. */
export const notRead = without("x-request-id");

/** Fits a request for a tunnel. */
export const tunnel = headerFits(":method", { case: "exact", value: "CONNECT" });

/** Fits a request for another protocol, where Envoy refused it for that and no filter for another reason. */
export const upgrade = detailsBegin("upgrade_failed");

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
export function allOf(
  first: AccessLogFilter,
  ...others: readonly AccessLogFilter[]
): AccessLogFilter {
  if (others.length === 0) return first;
  return create(AccessLogFilterSchema, {
    filterSpecifier: { case: "andFilter", value: { filters: [first, ...others] } },
  });
}
