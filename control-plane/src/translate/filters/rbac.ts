// Who may call: nobody, unless the route says who.

import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  type Principal,
  PrincipalSchema,
  RBAC_Action,
} from "@smartcall/envoy/api/envoy/config/rbac/v3/rbac_pb.js";
import {
  RBACPerRouteSchema,
  RBACSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/rbac/v3/rbac_pb.js";
import type { Allow } from "../../model/mesh.ts";
import { claimMatcher } from "../claim.ts";
import { any } from "../message.ts";

/** In the listener: no policy allows anything. */
export const rbac = any(RBACSchema, { rules: { action: RBAC_Action.ALLOW } });

/** On a route: those whom it allows. */
export function rbacPerRoute(allow: Allow): Any {
  return any(RBACPerRouteSchema, {
    rbac: {
      rules: {
        action: RBAC_Action.ALLOW,
        policies: {
          route: {
            permissions: [{ rule: { case: "any", value: true } }],
            principals: [allow.kind === "public" ? anyone : holderOf(allow.scopes)],
          },
        },
      },
    },
  });
}

const anyone = create(PrincipalSchema, { identifier: { case: "any", value: true } });

function holderOf(scopes: readonly string[]): Principal {
  // Envoy takes no empty conjunction, and whoever has a token has all of no scopes.
  if (scopes.length === 0) return anyone;
  return create(PrincipalSchema, {
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
  });
}
