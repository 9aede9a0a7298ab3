// Who calls: checks the token, and keeps its claims for the filters after it.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  JwtAuthenticationSchema,
  PerRouteConfigSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/jwt_authn/v3/config_pb.js";
import type { Issuer } from "../../model/mesh.ts";
import { any } from "../message.ts";
import { names } from "../names.ts";
import { stickyHeader } from "../sticky.ts";

/**
 * Takes the tokens of one issuer; a call without one is refused unless its route says otherwise.
 *
 * @param sticky the claims that become headers, for routes that are sticky by them
 */
export function jwt(issuer: Issuer, sticky: readonly string[]): Any {
  return any(JwtAuthenticationSchema, {
    providers: {
      [provider]: {
        issuer: issuer.name,
        audiences: [...issuer.audiences],
        requireExpiration: true,
        clockSkewSeconds: 10,
        jwksSourceSpecifier: {
          case: "localJwks",
          value: { specifier: { case: "inlineString", value: issuer.keys } },
        },
        // Only there: a token in a query would end up in logs.
        fromHeaders: [{ name: "authorization", valuePrefix: "Bearer " }],
        // It goes along down the tree of calls.
        forward: true,
        payloadInMetadata: names.claims,
        normalizePayloadInMetadata: { spaceDelimitedClaims: ["scope"] },
        claimToHeaders: sticky.map((claimName) => ({
          claimName,
          headerName: stickyHeader(claimName),
        })),
        // Routes match on claims, which are known only now.
        clearRouteCache: true,
        jwtCacheConfig: { jwtCacheSize: 1_000 },
      },
    },
    requirementMap: {
      [optional]: {
        requiresType: {
          case: "requiresAny",
          value: {
            requirements: [
              { requiresType: { case: "providerName", value: provider } },
              { requiresType: { case: "allowMissing", value: {} } },
            ],
          },
        },
      },
    },
    rules: [
      {
        match: { pathSpecifier: { case: "prefix", value: "/" } },
        requirementType: {
          case: "requires",
          value: { requiresType: { case: "providerName", value: provider } },
        },
      },
    ],
  });
}

/** For a route that needs no token; a token that is there must still be good. */
export const jwtOptional = any(PerRouteConfigSchema, {
  requirementSpecifier: { case: "requirementName", value: "optional" },
});

/** For a route that looks at no token. */
export const jwtOff = any(PerRouteConfigSchema, {
  requirementSpecifier: { case: "disabled", value: true },
});

const provider = "mesh";
const optional = "optional";
