// What the gateway itself shows to everyone: whether it works, and the mesh's public keys.

import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import type { EnvoyRoute } from "./call-match.ts";
import { jwtOff } from "./filters/jwt.ts";
import { rbacPerRoute } from "./filters/rbac.ts";
import { untranslated } from "./filters/untranslated.ts";
import { names } from "./names.ts";
import type { Refusal } from "./refusal.ts";
import { refusalRoute } from "./refusal-routes.ts";
import type { RoutedMesh } from "./routed-mesh.ts";

/**
 * Their answers, and their refusals of what is no reading.
 *
 * @param listener see `listenerMark`
 */
export function openPages({ issuers }: RoutedMesh, listener: string): readonly EnvoyRoute[] {
  const [own] = issuers;
  return [
    ...openPage("healthz", "/healthz", "ok\n", {
      // For the realtime service.
      responseHeadersToAdd: [{ header: { key: names.listenerHeader, value: listener } }],
    }),
    ...(own === undefined ? [] : openPage("jwks", "/.well-known/jwks.json", own.keys, keySet)),
  ];
}

/**
 * The largest of them, in bytes: a key set has 400 for each key of RSA, and keeps a
 * key for a year after it was followed by another.
 */
export const largestPage = 256 * 1024;

/**
 * A verifier may keep it no longer than a key is published before it signs
 * (`publishingMs`), or it would refuse tokens of a key that it does not know.
 */
const keySet = {
  responseHeadersToAdd: [
    // What Envoy says by itself is `text/plain`.
    {
      header: { key: "content-type", value: "application/jwk-set+json" },
      appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
    },
    { header: { key: "cache-control", value: "public, max-age=5" } },
  ],
};

function openPage(
  name: string,
  path: string,
  content: string,
  more: Pick<EnvoyRoute, "responseHeadersToAdd"> = {},
): readonly EnvoyRoute[] {
  const pathSpecifier = { case: "path", value: path } as const;
  return [
    {
      name,
      match: {
        pathSpecifier,
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
        value: { status: 200, body: { specifier: { case: "inlineString", value: content } } },
      },
      ...tokenless,
      ...more,
    },
    refusalRoute({ pathSpecifier }, readOnly, undefined, {
      responseHeadersToAdd: [{ header: { key: "allow", value: "GET, HEAD" } }],
      ...tokenless,
    }),
  ];
}

const tokenless: EnvoyRoute = {
  typedPerFilterConfig: {
    [names.jwt]: jwtOff,
    ...rbacPerRoute({ kind: "public" }),
    ...untranslated,
  },
};

const readOnly: Refusal = {
  reason: "METHOD_NOT_ALLOWED",
  message: "This path takes GET and HEAD only.",
};
