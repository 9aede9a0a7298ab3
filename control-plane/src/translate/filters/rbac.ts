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
import { callers, type Principal } from "./callers.ts";

/** In the listener: no policy allows anything. */
export const rbac = any(RBACSchema, { rules: { action: RBAC_Action.ALLOW } });

/**
 * On the table of routes, for those that do not say who is allowed: holders of the
 * standard scope, and nobody on the routes that are left for calls that no other takes.
 */
export function rbacOfTable(): Any {
  const value = { metadataMatcher: isRefusal, metadataSource: MetadataSource.ROUTE };
  const permission = { case: "sourcedMetadata", value } as const;
  const route: Policy = {
    permissions: [{ rule: { case: "notRule", value: { rule: permission } } }],
    principals: [callers(ofTable)],
  };
  return allowing({ route });
}

/** On a route: those whom it allows, unless they are those whom the table allows. */
export function rbacPerRoute(allow: Allow): Readonly<Record<string, Any>> {
  return isAsOfTable(allow) ? {} : { [names.rbac]: allowing({ route: open(callers(allow)) }) };
}

/** On a route: those whom the principal fits. */
export function rbacOf(principal: Principal): Any {
  return allowing({ route: open(principal) });
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

/** Fits the metadata of a route where nobody is allowed. */
const isRefusal: MetadataMatcher = {
  filter: names.metadata,
  path: [{ segment: { case: "key", value: refusalKey } }],
  value: { matchPattern: { case: "presentMatch", value: true } },
};
