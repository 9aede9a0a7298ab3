// `/healthz`: whether the gateway itself works.

import type { EnvoyRoute } from "./call-match.ts";
import { jwtOff } from "./filters/jwt.ts";
import { rbacPerRoute } from "./filters/rbac.ts";
import { untranslated } from "./filters/untranslated.ts";
import { names } from "./names.ts";
import type { Refusal } from "./refusal.ts";
import { refusalRoute } from "./refusal-routes.ts";

const path = { case: "path", value: "/healthz" } as const;

/** Needs no token. */
const tokenless: EnvoyRoute = {
  typedPerFilterConfig: {
    [names.jwt]: jwtOff,
    ...rbacPerRoute({ kind: "public" }),
    ...untranslated,
  },
};

const readOnly: Refusal = {
  http: 405,
  status: "UNIMPLEMENTED",
  reason: "METHOD_NOT_ALLOWED",
  message: "This path takes GET and HEAD only.",
};

/** Its answer, and its refusal of what is no reading. */
export const healthRoutes: readonly EnvoyRoute[] = [
  {
    name: "healthz",
    match: {
      pathSpecifier: path,
      headers: [
        {
          name: ":method",
          headerMatchSpecifier: {
            case: "stringMatch",
            value: { matchPattern: { case: "safeRegex", value: { regex: "GET|HEAD" } } },
          },
        },
      ],
    },
    action: {
      case: "directResponse",
      value: { status: 200, body: { specifier: { case: "inlineString", value: "ok\n" } } },
    },
    ...tokenless,
  },
  refusalRoute({ pathSpecifier: path }, readOnly, undefined, {
    responseHeadersToAdd: [{ header: { key: "allow", value: "GET, HEAD" } }],
    ...tokenless,
  }),
];
