// Whom a route allows, as Envoy's principals: all that is set must fit.

import type { PrincipalSchema } from "@smartcall/envoy/api/envoy/config/rbac/v3/rbac_pb.js";
import { ConfigSchema } from "@smartcall/envoy/api/envoy/extensions/rbac/principals/mtls_authenticated/v3/mtls_authenticated_pb.js";
import { SubjectAltNameMatcher_SanType } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/common_pb.js";
import type { Allow } from "../../model/allow.ts";
import { claimMatcher, claimMatchers, type MetadataMatcher } from "../claim.ts";
import { any, type PartsOf } from "../message.ts";

/** One condition on who calls. */
export type Principal = PartsOf<typeof PrincipalSchema>;

/** Fits every call. */
export const anyone: Principal = { identifier: { case: "any", value: true } };

/** Fits the callers that a route allows. */
export function callers(allow: Allow): Principal {
  if (allow.kind === "public") return anyone;
  const { scopes, claims, certificates, addresses, withoutToken = false } = allow;
  return allOf([
    // Whoever has a token has all of no scopes; a call without one may have come here by
    // another route, which asked for none.
    ...(withoutToken || scopes.length > 0 ? [] : [says(claimMatcher("iss", "present"))]),
    ...scopes.map((scope) => says(claimMatcher("scope", [scope]))),
    ...Object.entries(claims ?? {})
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([claim, rule]) => anyOf(claimMatchers(claim, rule).map(says))),
    ...(certificates === undefined ? [] : [anyOf(certificates.map(isNamed))]),
    ...(addresses === undefined ? [] : [anyOf(addresses.map(isWithin))]),
  ]);
}

/** Fits tokens whose claim does. */
export function says(metadataMatcher: MetadataMatcher): Principal {
  return { identifier: { case: "sourcedMetadata", value: { metadataMatcher } } };
}

/** By the certificate of the client's own connection; no header says anything of it. */
function isNamed(name: string): Principal {
  const isUri = name.includes("://");
  const { URI, DNS } = SubjectAltNameMatcher_SanType;
  const sanMatcher = {
    sanType: isUri ? URI : DNS,
    matcher: {
      matchPattern: isUri
        ? { case: "exact" as const, value: name }
        : { case: "safeRegex" as const, value: { regex: hostRegex(name) } },
    },
  };
  return {
    identifier: {
      case: "custom",
      value: { name: "certificate", typedConfig: any(ConfigSchema, { sanMatcher }) },
    },
  };
}

/**
 * Not Envoy's exact match: by that a certificate for `*.example.com` would have every
 * name there. Upper and lower case are the same in the names of hosts.
 */
function hostRegex(name: string): string {
  const [first, ...others] = name.split(".");
  const label = first === "*" ? "[a-z0-9_-]+" : first;
  return `(?i)${[label, ...others].join("\\.")}`;
}

/**
 * The other end of the connection, whatever a header says; of a turn that came by a
 * WebSocket, the other end of that.
 */
function isWithin(range: string): Principal {
  const [addressPrefix = "", bits] = range.split("/");
  return {
    identifier: {
      case: "remoteIp",
      value: { addressPrefix, prefixLen: Number(bits) },
    },
  };
}

/** Fits whom all of them fit; of none, nobody. */
export function allOf(ids: readonly Principal[]): Principal {
  const [only, ...others] = ids;
  // Envoy takes no empty conjunction.
  if (only === undefined) return nobody;
  if (others.length === 0) return only;
  return { identifier: { case: "andIds", value: { ids: [...ids] } } };
}

/** Fits whom one of them fits; of none, nobody. */
export function anyOf(ids: readonly Principal[]): Principal {
  const [only, ...others] = ids;
  if (only === undefined) return nobody;
  if (others.length === 0) return only;
  return { identifier: { case: "orIds", value: { ids: [...ids] } } };
}

/** Where nothing is named of which one is needed, and where nothing is asked at all. */
const nobody: Principal = { identifier: { case: "notId", value: anyone } };
