// How large the headers of a request may be, and how long its path.
//
// Envoy's codecs have a bound of their own for headers, which they cannot tell an HTTP/2
// caller of; it is larger than this one, and stands in the listener.

import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  type PermissionSchema,
  type PolicySchema,
  RBAC_Action,
} from "@smartcall/envoy/api/envoy/config/rbac/v3/rbac_pb.js";
import {
  RBACPerRouteSchema,
  RBACSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/rbac/v3/rbac_pb.js";
import type { ExprSchema } from "@smartcall/envoy/api/google/api/expr/v1alpha1/syntax_pb.js";
import type { Bounds } from "../../model/bounds.ts";
import type { boundPolicies } from "../bounds.ts";
import { any } from "../message.ts";
import { anyone } from "./callers.ts";

/** In the listener: no rules. */
export const bounds = any(RBACSchema, {});

/** The most headers that a request may have. */
export const mostHeaders = 100;

/** On the table of routes, so that every request meets them, whatever its path. */
export function boundsOfTable({ headersKiB, pathBytes }: Bounds): Any {
  const policies: Readonly<Record<keyof typeof boundPolicies, Policy>> = {
    "headers-too-large": refusing(
      call(
        "_||_",
        call("_>_", of("request", "total_size"), whole(headersKiB * 1024)),
        call("_>_", call("size", of("request", "headers")), whole(mostHeaders)),
      ),
    ),
    "path-too-long": refusing(
      call("_>_", call("size", of("request", "path")), whole(pathBytes)),
      longPath,
    ),
  };
  return any(RBACPerRouteSchema, {
    rbac: { rules: { action: RBAC_Action.DENY, policies }, rulesStatPrefix: "bounds_" },
  });
}

type Policy = MessageInitShape<typeof PolicySchema>;
type Expression = MessageInitShape<typeof ExprSchema>;

type Permission = MessageInitShape<typeof PermissionSchema>;

const anything: Permission = { rule: { case: "any", value: true } };

/**
 * Longer than the smallest bound that can be written. To ask this first of all spares
 * most calls the expression, which takes as long as all else here.
 */
const longPath: Permission = {
  rule: {
    case: "header",
    value: {
      name: ":path",
      headerMatchSpecifier: {
        case: "stringMatch",
        value: { matchPattern: { case: "safeRegex", value: { regex: String.raw`\C{65,}` } } },
      },
    },
  },
};

function refusing(condition: Expression, permission = anything): Policy {
  return {
    permissions: [permission],
    principals: [anyone],
    condition,
  };
}

/** https://github.com/google/cel-spec/blob/master/doc/langdef.md */
function call(name: string, ...args: Expression[]): Expression {
  return { exprKind: { case: "callExpr", value: { function: name, args } } };
}

function of(variable: string, field: string): Expression {
  const operand: Expression = { exprKind: { case: "identExpr", value: { name: variable } } };
  return { exprKind: { case: "selectExpr", value: { operand, field } } };
}

function whole(value: number): Expression {
  const int64Value = BigInt(value);
  const constantKind = { case: "int64Value", value: int64Value } as const;
  return { exprKind: { case: "constExpr", value: { constantKind } } };
}
