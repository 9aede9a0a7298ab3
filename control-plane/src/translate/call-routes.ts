// A route of the mesh as two of Envoy's: its REST door and its gRPC door.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  HeaderValueOption_HeaderAppendAction,
  type HeaderValueOptionSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import { type Door, fitsPath } from "../config/call-paths.ts";
import { standardTimeoutMs } from "../config/language/route.ts";
import type { Route } from "../model/mesh.ts";
import {
  type Conditions,
  type EnvoyRoute,
  grpcMatch,
  headerIs,
  headerIsOneOf,
  type RouteMatch,
  restMatch,
} from "./call-match.ts";
import { type Calls, contractCalls } from "./calls.ts";
import { claimMatcher } from "./claim.ts";
import { clustersOf, hashPoliciesOf, type RouteAction } from "./destinations.ts";
import { deadlineSlackMs } from "./filters/deadline.ts";
import { jwtOptional } from "./filters/jwt.ts";
import { withLimits } from "./filters/limits-per-route.ts";
import { luaPerRoute } from "./filters/lua.ts";
import { reached } from "./filters/lua-usage.ts";
import { modelMatcher } from "./filters/model.ts";
import { quotaPerRoute, type RouteQuota } from "./filters/quota-per-route.ts";
import { asksForToken, rbacPerRoute } from "./filters/rbac.ts";
import { milliseconds, type PartsOf } from "./message.ts";
import { readingModel } from "./model-routes.ts";
import { names } from "./names.ts";
import { notAllowed } from "./not-allowed.ts";
import { type Answers, differsByAnswer, retriesOf } from "./retry.ts";
import { routeMetadata } from "./route-metadata.ts";

/** Routes of Envoy by their doors. */
export interface ByDoor {
  readonly rest: readonly EnvoyRoute[];
  readonly grpc: readonly EnvoyRoute[];
}

/**
 * The doors of one route, under the same rules: both, unless its path is of one only.
 *
 * @param byModel whether a route of the agent asks for a model
 * @param quota what the quota service counts of its calls; absent, nothing
 * @param calls those that there are of its agent; absent, those of the contract
 */
export function callRoutes(
  route: Route,
  byModel: boolean,
  quota?: RouteQuota,
  calls: Calls = contractCalls(route.match.agent),
): ByDoor {
  const { agent } = route.match;
  const conditions = conditionsOf(route);
  const models = route.match.models ?? [];
  const filters = { ...sharedFilters(route, calls.open), ...quotaPerRoute(route.name, quota) };
  const shared: EnvoyRoute = {
    name: route.name,
    metadata: withLimits(routeMetadata(agent, notAllowed(route)), route),
  };
  const told = [
    ...(quota === undefined ? [] : [overwrite(reached.key, reached.value)]),
    ...(route.fallback === undefined ? [] : [answeredBy]),
  ];
  const doors: { readonly [Door in keyof ByDoor]: EnvoyRoute[] } = { rest: [], grpc: [] };
  for (const { action, methods } of methodsOf(route, "rest", calls)) {
    const answer = { ...restAnswer, action, responseHeadersToAdd: told };
    const match = restMatch(agent, {
      before: calls.rest.before,
      methods,
      headers: conditions.headers,
      metadata: [...conditions.metadata, ...(models.length === 0 ? [] : [modelMatcher(models)])],
    });
    doors.rest.push(
      byModel
        ? door(shared, match, { ...filters, ...readingModel }, answer)
        : door(shared, match, filters, answer),
    );
  }
  for (const { action, methods } of methodsOf(route, "grpc", calls)) {
    const named = models.length === 0 ? [] : [headerIsOneOf(names.modelHeader, models)];
    const match = grpcMatch({
      before: calls.grpc.before,
      methods,
      headers: [...conditions.headers, ...named],
      metadata: conditions.metadata,
    });
    const unnamed = byModel && models.length === 0 ? [noModelNamed] : [];
    const more = { action, requestHeadersToAdd: unnamed, responseHeadersToAdd: told };
    doors.grpc.push(door(shared, match, filters, more));
  }
  return doors;
}

/** What the route's path fits of a door, in parts where not all is done alike. */
function methodsOf(route: Route, door: Door, calls: Calls): readonly MethodsOfRoute[] {
  const { before, methods: all, once } = calls[door];
  const { path } = route.match;
  const named =
    path === undefined ? undefined : all.filter((method) => fitsPath(path, `${before}${method}`));
  const isAnsweredOnce = (method: string): boolean => once.includes(method);
  const parts: readonly (readonly [readonly string[] | undefined, Answers | undefined])[] =
    differsByAnswer(route)
      ? [
          [named === undefined ? once : named.filter(isAnsweredOnce), "once"],
          [named?.filter((method) => !isAnsweredOnce(method)), "stream"],
        ]
      : [[named, undefined]];
  return parts.flatMap(([methods, answers]) =>
    methods?.length === 0
      ? []
      : [{ methods, action: { case: "route" as const, value: actionOf(route, answers) } }],
  );
}

/** Methods that are done alike; undefined is all that are left. */
interface MethodsOfRoute {
  readonly methods: readonly string[] | undefined;
  readonly action: { readonly case: "route"; readonly value: RouteAction };
}

/** Who answered, where another than was asked for may have. */
const answeredBy = overwrite("smartcall-answered-by", "%UPSTREAM_CLUSTER%");

/**
 * The agent's kit refuses a call whose model is not the one named. So a native
 * gRPC call that names none, and may have met another route for it, has none.
 */
const noModelNamed: HeaderValueOption = {
  header: { key: names.modelHeader, value: "" },
  appendAction: HeaderValueOption_HeaderAppendAction.ADD_IF_ABSENT,
  keepEmptyValue: true,
};

/** What only a REST caller's answer needs. */
const restAnswer: EnvoyRoute = {
  // They say nothing to a REST caller.
  responseHeadersToRemove: ["grpc-encoding", "grpc-accept-encoding"],
};

function door(
  shared: EnvoyRoute,
  match: RouteMatch,
  typedPerFilterConfig: Record<string, Any>,
  more: EnvoyRoute,
): EnvoyRoute {
  return { ...shared, match, typedPerFilterConfig, ...more };
}

type HeaderValueOption = PartsOf<typeof HeaderValueOptionSchema>;

function overwrite(key: string, value: string): HeaderValueOption {
  return {
    header: { key, value },
    appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
  };
}

function actionOf(route: Route, answers: Answers | undefined): RouteAction {
  const total = milliseconds(route.timeoutMs + deadlineSlackMs);
  return {
    ...clustersOf(route),
    ...hashPoliciesOf(route),
    // No rule looks at the host that a caller names, and some that it may name an agent's
    // library refuses.
    hostRewriteSpecifier: { case: "hostRewriteLiteral", value: route.match.agent },
    timeout: total,
    // Also bounds a call whose caller never ends its own stream. Without a bound for the
    // caller's own `grpc-timeout` Envoy writes another into it before Lua can read it.
    maxStreamDuration: { maxStreamDuration: total, grpcTimeoutHeaderMax: total },
    // An agent may think for as long as the call may take.
    idleTimeout: total,
    ...retriesOf(route, answers),
  };
}

function conditionsOf(route: Route): Required<Pick<Conditions, "headers" | "metadata">> {
  const { headers, claims } = route.match;
  return {
    headers: sorted(headers).map(([name, value]) => headerIs(name, value)),
    metadata: sorted(claims).map(([claim, values]) => claimMatcher(claim, values)),
  };
}

function sharedFilters(route: Route, open: readonly string[]): Record<string, Any> {
  return {
    ...(route.timeoutMs === standardTimeoutMs && open.length === 0
      ? {}
      : { [names.lua]: luaPerRoute(route.timeoutMs, open) }),
    ...rbacPerRoute(route.allow),
    ...(asksForToken(route.allow) ? {} : { [names.jwt]: jwtOptional }),
  };
}

function sorted<Value>(
  record: Readonly<Record<string, Value>>,
): readonly (readonly [string, Value])[] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
