// A route of the mesh as two of Envoy's: its REST door and its gRPC door.

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  type Route as EnvoyRoute,
  type RouteAction,
  RouteActionSchema,
  type RouteMatch,
  RouteSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import type { Route } from "../model/mesh.ts";
import { type Conditions, grpcMatch, headerIs, restMatch } from "./call-match.ts";
import { claimMatcher } from "./claim.ts";
import { deadlineSlackMs } from "./filters/deadline.ts";
import { jwtOptional } from "./filters/jwt.ts";
import { luaPerRoute } from "./filters/lua.ts";
import { rbacPerRoute } from "./filters/rbac.ts";
import { untranslated } from "./filters/untranslated.ts";
import { milliseconds } from "./message.ts";
import { names } from "./names.ts";
import type { Refusal } from "./refusal.ts";
import { routeMetadata } from "./route-metadata.ts";

/** The two doors of one route, under the same rules. */
export function callRoutes(route: Route): readonly EnvoyRoute[] {
  const conditions = conditionsOf(route);
  const filters = sharedFilters(route);
  const post = headerIs(":method", "POST");
  const rest = { ...conditions, headers: [post, ...conditions.headers] };
  return [
    door(route, restMatch(route.match.agent, rest), filters, restAnswer),
    door(route, grpcMatch(route.match.agent, conditions), { ...filters, ...untranslated }),
  ];
}

/** What only a REST caller's answer needs. */
const restAnswer: MessageInitShape<typeof RouteSchema> = {
  // For the error envelope, which is written before Envoy itself adds it.
  responseHeadersToAdd: [overwrite("x-request-id", "%REQ(x-request-id)%")],
  // They say nothing to a REST caller.
  responseHeadersToRemove: ["grpc-encoding", "grpc-accept-encoding"],
};

function door(
  route: Route,
  match: RouteMatch,
  typedPerFilterConfig: Record<string, Any>,
  more: MessageInitShape<typeof RouteSchema> = {},
): EnvoyRoute {
  return create(RouteSchema, {
    name: route.name,
    match,
    metadata: routeMetadata(route.match.agent, refusalOf(route)),
    action: { case: "route", value: actionOf(route) },
    typedPerFilterConfig,
    requestHeadersToAdd: [overwrite(names.agentHeader, route.match.agent)],
    ...more,
  });
}

function overwrite(key: string, value: string) {
  return {
    header: { key, value },
    appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
  };
}

function actionOf(route: Route): RouteAction {
  const total = milliseconds(route.timeoutMs + deadlineSlackMs);
  return create(RouteActionSchema, {
    clusterSpecifier: clustersOf(route),
    timeout: total,
    // Also bounds a call whose caller never ends its own stream. Without a bound for the
    // caller's own `grpc-timeout` Envoy writes another into it before Lua can read it.
    maxStreamDuration: { maxStreamDuration: total, grpcTimeoutHeaderMax: total },
    // An agent may think for as long as the call may take.
    idleTimeout: total,
    // Only what never reached an agent is tried again.
    retryPolicy: { retryOn: "connect-failure,refused-stream", numRetries: 2 },
  });
}

function clustersOf(route: Route): RouteAction["clusterSpecifier"] {
  const [first, ...others] = route.to;
  if (first !== undefined && others.length === 0) return { case: "cluster", value: first.agent };
  return create(RouteActionSchema, {
    clusterSpecifier: {
      case: "weightedClusters",
      value: { clusters: route.to.map(({ agent, weight }) => ({ name: agent, weight })) },
    },
  }).clusterSpecifier;
}

function conditionsOf(route: Route): Required<Conditions> {
  const { headers, claims } = route.match;
  return {
    headers: sorted(headers).map(([name, value]) => headerIs(name, value)),
    claims: sorted(claims).map(([claim, values]) => claimMatcher(claim, values)),
  };
}

function sharedFilters(route: Route): Record<string, Any> {
  return {
    [names.lua]: luaPerRoute(route.timeoutMs),
    [names.rbac]: rbacPerRoute(route.allow),
    ...(route.allow.kind === "public" ? { [names.jwt]: jwtOptional } : {}),
  };
}

function refusalOf(route: Route): Refusal | undefined {
  if (route.allow.kind === "public") return undefined;
  const scopes = route.allow.scopes.join(" ");
  return {
    http: 403,
    status: "PERMISSION_DENIED",
    reason: "SCOPE_MISSING",
    message: `The token needs the scope ${scopes}.`,
  };
}

function sorted<Value>(
  record: Readonly<Record<string, Value>>,
): readonly (readonly [string, Value])[] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
