// Who calls: checks the token, and keeps its claims for the filters after it.

import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  JwtAuthenticationSchema,
  type JwtProviderSchema,
  type JwtRequirementSchema,
  PerRouteConfigSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/jwt_authn/v3/config_pb.js";
import type { StringMatcherSchema } from "@smartcall/envoy/api/envoy/type/matcher/v3/string_pb.js";
import type { Issuer } from "../../model/issuer.ts";
import { any, type PartsOf } from "../message.ts";
import { names } from "../names.ts";
import { stickyHeader } from "../sticky.ts";
import { expiryHeader } from "./deadline.ts";

/**
 * Takes the tokens of the issuers; a call without one is refused unless its route says otherwise.
 *
 * @param sticky the claims that become headers, for routes that are sticky by them
 * @param places where a token may stand
 */
export function jwt(
  issuers: readonly Issuer[],
  sticky: readonly string[],
  places: TokenPlaces = inHeaders,
): Any {
  const known = anyOf(issuers.map(({ name }) => name));
  return any(JwtAuthenticationSchema, {
    providers: Object.fromEntries(
      issuers.map((issuer) => [issuer.name, { ...provider(issuer, sticky), ...places(issuer) }]),
    ),
    requirementMap: {
      [optional]: {
        requiresType: { case: "requiresAny", value: { requirements: [...known, missing] } },
      },
    },
    rules: [
      {
        match: { pathSpecifier: { case: "prefix", value: "/" } },
        requirementType: {
          case: "requires",
          value:
            // Envoy takes no disjunction of fewer than two.
            known.length > 1
              ? { requiresType: { case: "requiresAny", value: { requirements: known } } }
              : (known[0] ?? missing),
        },
      },
    ],
  });
}

function provider(issuer: Issuer, sticky: readonly string[]): PartsOf<typeof JwtProviderSchema> {
  return {
    issuer: issuer.name,
    audiences: [...issuer.audiences],
    requireExpiration: true,
    clockSkewSeconds: 10,
    jwksSourceSpecifier: {
      case: "localJwks",
      value: { specifier: { case: "inlineString", value: issuer.keys } },
    },
    // Whose subject is no text is refused by itself; one with control characters cannot be a header.
    subjects: printable,
    // It goes along down the tree of calls.
    forward: true,
    forwardPayloadHeader: names.claimsHeader,
    payloadInMetadata: names.claims,
    normalizePayloadInMetadata: { spaceDelimitedClaims: ["scope"] },
    claimToHeaders: [
      { claimName: "sub", headerName: names.subjectHeader },
      { claimName: "jti", headerName: names.tokenIdHeader },
      { claimName: "exp", headerName: expiryHeader },
      ...sticky.map((claimName) => ({ claimName, headerName: stickyHeader(claimName) })),
    ],
    // Routes match on claims, which are known only now.
    clearRouteCache: true,
    jwtCacheConfig: { jwtCacheSize: 1_000 },
  };
}

type TokenPlaces = (
  issuer: Issuer,
) => Pick<PartsOf<typeof JwtProviderSchema>, "fromHeaders" | "fromParams">;

/** Only there: a token in a query would end up in logs. */
const inHeaders = (issuer: Issuer) => ({ fromHeaders: headersOf(issuer) });

/**
 * Of a request that becomes a WebSocket: browsers give such one no headers, so a token may
 * stand among the protocols that they offer, as the last of them, or in the query.
 */
export const inUpgrades: TokenPlaces = (issuer) => ({
  fromHeaders: [...headersOf(issuer), { name: "sec-websocket-protocol", valuePrefix: "bearer." }],
  fromParams: ["access_token"],
});

function headersOf(issuer: Issuer) {
  return [
    { name: "authorization", valuePrefix: "Bearer " },
    ...(isOwn(issuer) ? [{ name: names.apiKeyHeader }] : []),
  ];
}

/** Where no operator wrote it, it is the mesh itself. */
function isOwn({ origin }: Issuer): boolean {
  return origin === undefined;
}

const printable: MessageInitShape<typeof StringMatcherSchema> = {
  matchPattern: { case: "safeRegex", value: { regex: "[^\\x00-\\x1f\\x7f]+" } },
};

type Requirement = MessageInitShape<typeof JwtRequirementSchema>;

function anyOf(providers: readonly string[]): Requirement[] {
  return providers.map((value) => ({ requiresType: { case: "providerName", value } }));
}

const missing: Requirement = { requiresType: { case: "allowMissing", value: {} } };

/** For a route that needs no token; a token that is there must still be good. */
export const jwtOptional = any(PerRouteConfigSchema, {
  requirementSpecifier: { case: "requirementName", value: "optional" },
});

/** For a route that looks at no token. */
export const jwtOff = any(PerRouteConfigSchema, {
  requirementSpecifier: { case: "disabled", value: true },
});

const optional = "optional";
