// Who may call: nobody, unless the route says who.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  MetadataSource,
  type PolicySchema,
  RBAC_Action,
} from "@smartcall/envoy/api/envoy/config/rbac/v3/rbac_pb.js";
import {
  RBACPerRouteSchema,
  RBACSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/rbac/v3/rbac_pb.js";
import { standardScope } from "../../config/language/route.ts";
import type { Allow } from "../../model/allow.ts";
import type { MetadataMatcher } from "../claim.ts";
import { any, type PartsOf } from "../message.ts";
import { names } from "../names.ts";
import { refusalKey } from "../route-metadata.ts";
import { anyone, callers, type Principal } from "./callers.ts";

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
          route: open(callers(ofTable)),
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
  return isAsOfTable(allow) ? {} : { [names.rbac]: allowing({ route: open(callers(allow)) }) };
}

/** On a route that takes no call, whoever makes it. */
export const rbacOfNobody = allowing({});

const ofTable: Allow = { kind: "callers", scopes: [standardScope] };

/** Whether a route allows those whom the table allows where a route does not say. */
export function isAsOfTable(allow: Allow): boolean {
  if (allow.kind === "public") return false;
  const { scopes, claims, certificates, addresses } = allow;
  const isMore = [claims, certificates, addresses].some((each) => each !== undefined);
  return !isMore && scopes.length === 1 && scopes[0] === standardScope;
}

/** Whether a call without a token is refused before anything else is looked at. */
export function asksForToken(allow: Allow): boolean {
  if (allow.kind === "public") return false;
  return allow.withoutToken !== true || allow.scopes.length > 0 || allow.claims !== undefined;
}

type Policy = PartsOf<typeof PolicySchema>;

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
