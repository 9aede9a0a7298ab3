// Refusals that most routes share, so that not each of ten thousand carries the words.

import { create } from "@bufbuild/protobuf";
import {
  type AccessLogFilter,
  AccessLogFilterSchema,
} from "@smartcall/envoy/api/envoy/config/accesslog/v3/accesslog_pb.js";
import { text } from "./claim.ts";
import { refusalPolicy, tableStats } from "./filters/rbac.ts";
import type { Refusal } from "./refusal.ts";

/** No route of a known agent takes the call. */
export const noRoute: Refusal = {
  reason: "NO_ROUTE",
  message: "No route to this agent takes this call: its routes ask for something else.",
};

/** The path is a method's, and takes POST only. */
export const wrongMethod: Refusal = {
  reason: "METHOD_NOT_ALLOWED",
  message: "This path takes POST only.",
};

/** The caller lacks what a route asks for. */
export function scopeMissing(scopes: readonly string[]): Refusal {
  return {
    reason: "SCOPE_MISSING",
    message: `The token needs the scope ${scopes.join(" ")}.`,
  };
}

/** Those that no route carries. Each has a status of its own. */
export const tableRefusals: readonly Refusal[] = [noRoute, wrongMethod];

/** Fits where the call was met by a route that takes none, as the table's RBAC has noted. */
export const metByRefusal: AccessLogFilter = create(AccessLogFilterSchema, {
  filterSpecifier: {
    case: "metadataFilter",
    value: {
      matcher: {
        filter: "envoy.filters.http.rbac",
        path: [{ segment: { case: "key", value: `${tableStats}enforced_effective_policy_id` } }],
        value: text(refusalPolicy),
      },
      matchIfKeyNotFound: false,
    },
  },
});
