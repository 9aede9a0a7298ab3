// Who may call: nobody, unless the route says who.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  MetadataSource,
  type PolicySchema,
  type PrincipalSchema,
  RBAC_Action,
} from "@smartcall/envoy/api/envoy/config/rbac/v3/rbac_pb.js";
import {
  RBACPerRouteSchema,
  RBACSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/rbac/v3/rbac_pb.js";
import { standardScope } from "../../config/language/route.ts";
import type { Allow } from "../../model/allow.ts";
import { claimMatcher, type MetadataMatcher } from "../claim.ts";
import { any, type PartsOf } from "../message.ts";
import { names } from "../names.ts";
import { refusalKey } from "../route-metadata.ts";

/** In the listener: no policy allows anything. */
export const rbac = any(RBACSchema, { rules: { action: RBAC_Action.ALLOW } });

/**
 * On the table of routes, for those that do not say who is allowed: holders of the
 * standard scope. A route that only tells why it takes no call tells it to all who
 * have a token.
 */
export function rbacOfTable(): Any {
  const value = { metadataMatcher: isRefusal, metadataSource: MetadataSource.ROUTE };
  return any(RBACPerRouteSchema, {
    rbac: {
      rules: {
        action: RBAC_Action.ALLOW,
        policies: {
          [refusalPolicy]: {
            permissions: [{ rule: { case: "sourcedMetadata", value } }],
            principals: [anyone],
          },
          route: open(holderOf([standardScope])),
        },
      },
      rulesStatPrefix: tableStats,
    },
  });
}

/** The policy by which routes that take no call are met. */
export const refusalPolicy = "refusal";

/** Before the names of what the table's rules note of a call; those of routes note without it. */
export const tableStats = "table_";

/** On a route: those whom it allows, unless they are those whom the table allows. */
export function rbacPerRoute(allow: Allow): Readonly<Record<string, Any>> {
  if (allow.kind === "public") return { [names.rbac]: allowing({ route: open(anyone) }) };
  const [only, ...others] = allow.scopes;
  if (only === standardScope && others.length === 0) return {};
  return { [names.rbac]: allowing({ route: open(holderOf(allow.scopes)) }) };
}

type Policy = PartsOf<typeof PolicySchema>;
type Principal = PartsOf<typeof PrincipalSchema>;

function allowing(policies: Readonly<Record<string, Policy>>): Any {
  return any(RBACPerRouteSchema, {
    rbac: { rules: { action: RBAC_Action.ALLOW, policies } },
  });
}

function open(principal: Principal): Policy {
  return { permissions: [{ rule: { case: "any", value: true } }], principals: [principal] };
}

/** Fits the metadata of a route that takes no call. */
const isRefusal: MetadataMatcher = {
  filter: names.metadata,
  path: [{ segment: { case: "key", value: refusalKey } }],
  value: { matchPattern: { case: "presentMatch", value: true } },
};

const anyone: Principal = { identifier: { case: "any", value: true } };

function holderOf(scopes: readonly string[]): Principal {
  // Envoy takes no empty conjunction, and whoever has a token has all of no scopes.
  if (scopes.length === 0) return anyone;
  return {
    identifier: {
      case: "andIds",
      value: {
        ids: scopes.map((scope) => ({
          identifier: {
            case: "sourcedMetadata" as const,
            value: { metadataMatcher: claimMatcher("scope", [scope]) },
          },
        })),
      },
    },
  };
}
