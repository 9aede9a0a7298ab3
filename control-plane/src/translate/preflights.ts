// What browsers ask for their pages before these may call (a preflight, https://fetch.spec.whatwg.org).

import type { EnvoyRoute } from "./call-match.ts";
import { jwtOff } from "./filters/jwt.ts";
import { rbacOfNobody } from "./filters/rbac.ts";
import { untranslated } from "./filters/untranslated.ts";
import { names } from "./names.ts";
import type { Refusal } from "./refusal.ts";
import { routeMetadata } from "./route-metadata.ts";

/**
 * The route of all preflights. The filter `cors` answers those of pages that may call; it
 * looks only at routes that lead somewhere, so this one seems to. What it leaves is
 * refused, token or none.
 */
export function preflights(): readonly EnvoyRoute[] {
  return [
    {
      name: "preflight",
      match: { pathSpecifier: { case: "prefix", value: "/" } },
      metadata: routeMetadata(undefined, strangePage),
      action: {
        case: "route",
        // No call has the header: it is one that only the gateway could set.
        value: { clusterSpecifier: { case: "clusterHeader", value: "smartcall-preflight" } },
      },
      typedPerFilterConfig: { [names.jwt]: jwtOff, [names.rbac]: rbacOfNobody, ...untranslated },
    },
  ];
}

const strangePage: Refusal = {
  reason: "NOT_ALLOWED",
  message: "Pages of this origin may not call: `gateway.cors` does not name it.",
};
