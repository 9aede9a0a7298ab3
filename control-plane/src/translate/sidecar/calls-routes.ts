// The agents that an agent may call, by the routes of the mesh.

import { create } from "@bufbuild/protobuf";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import {
  type Matcher,
  MatcherSchema,
} from "@smartcall/envoy/api/xds/type/matcher/v3/matcher_pb.js";
import { reasons } from "@smartcall/protos";
import { standardTimeoutMs } from "../../config/language/route.ts";
import type { Budget } from "../../model/budget.ts";
import type { Route } from "../../model/mesh.ts";
import { routesByAgent } from "../../model/routes-by-agent.ts";
import type { OwnServices } from "../../source/own-services/index.ts";
import type { CountedRoute } from "../agent-table.ts";
import { boundsOf } from "../bounds.ts";
import { type EnvoyRoute, grpcMatch, grpcPath } from "../call-match.ts";
import { callRoutes } from "../call-routes.ts";
import { type Calls, callsOfService, contractCalls } from "../calls.ts";
import { type Described, madeOf } from "../described.ts";
import { mostBuffered } from "../filters/buffer.ts";
import { jwtOptional } from "../filters/jwt.ts";
import { luaPerRoute } from "../filters/lua.ts";
import { quotaFilters, quotaOf } from "../filters/quota-per-route.ts";
import { agentsByModel } from "../model-routes.ts";
import { names } from "../names.ts";
import { agentRefusal, nothingHere, refusalRoute, unnamedAgent } from "../refusal-routes.ts";
import { sidecarMarks, standardRetry } from "../retry.ts";
import { ofRoute } from "../route-metadata.ts";
import {
  type AgentRoutes,
  grpcTreeOf,
  headerFits,
  listOf,
  type RoutesOfService,
} from "../route-tree.ts";
import type { RoutedAgent } from "../routed-mesh.ts";
import { stickyClaims } from "../sticky.ts";
import { askedFor } from "./callers.ts";
import { inner } from "./inbound-routes.ts";
import { uncallableKey } from "./local-replies.ts";
import { sidecarNames } from "./names.ts";
import type { SidecarMesh } from "./sidecar-mesh.ts";

/** How many agents may be above one in a tree of calls. */
export const deepest = 8;

/** Makes the table of any agent of a mesh, from what is worked out once for all of them. */
export function callsRoutesOf(
  mesh: SidecarMesh,
): (agent: RoutedAgent) => Described<RouteConfiguration> {
  const byModel = agentsByModel(mesh);
  const answering = askedFor(mesh.routes);
  const sticky = stickyClaims(mesh);
  const bounds = boundsOf(mesh.gateway);
  const serving = new Map(mesh.agents.map(({ name, services }) => [name, services]));
  const budgets = new Map(mesh.budgets?.map((budget) => [budget.name, budget]));
  const inside = insideOf(budgets);
  const routesTo = routesByAgent(mesh.routes);
  return ({ calls = [], name: agent, origin }) => {
    const callable = calls.map((called) => ({
      called,
      byModel: byModel.has(called),
      routes: (routesTo.get(called) ?? []).map(inside),
      services: serving.get(called),
    }));
    const name = sidecarNames.calls;
    const content = [
      agent,
      sticky,
      bounds,
      callable.map(({ routes, services, ...each }) => [
        each,
        services?.id,
        routes.map(({ quota, route: { origin: _, ...rest } }) => [rest, quota]),
      ]),
    ];
    const leadsTo = new Set(calls.flatMap((called) => answering.get(called) ?? []));
    const paid = callable.some(({ routes }) => routes.some(({ quota }) => quota !== undefined));
    if (paid) leadsTo.add(names.quotaCluster);
    return madeOf({ name, origin, leadsTo: [...leadsTo].sort() }, content, () =>
      create(RouteConfigurationSchema, {
        name,
        virtualHosts: [
          {
            name,
            domains: ["*"],
            matcher: deepOr(grpcTreeOf(servicesOf(callable), { preflights: [], others: refusals })),
            retryPolicy: standardRetry,
            requestBodyBufferLimit: mostBuffered(bounds),
            requestHeadersToRemove: inner(sticky),
            responseHeadersToRemove: Object.values(sidecarMarks),
            requestHeadersToAdd: [
              said(names.agentHeader, ofRoute.agent, "OVERWRITE_IF_EXISTS_OR_ADD"),
              said(names.viaHeader, `%REQ(${names.viaHeader})%,${agent}`, "OVERWRITE_IF_EXISTS"),
              said(names.viaHeader, agent, "ADD_IF_ABSENT"),
            ],
            typedPerFilterConfig: {
              [names.jwt]: jwtOptional,
              [names.lua]: luaPerRoute(standardTimeoutMs),
            },
          },
        ],
        validateClusters: false,
      }),
    );
  };
}

interface Callable {
  readonly called: string;
  readonly byModel: boolean;
  readonly routes: readonly CountedRoute[];
  readonly services: OwnServices | undefined;
}

/** The contract, each service that one of them has of its own, and whatever none of them has. */
function servicesOf(callable: readonly Callable[]): readonly RoutesOfService[] {
  const own = new Set(callable.flatMap(({ services }) => services?.services ?? []));
  const none = listOf(unserved);
  return [
    {
      before: grpcPath,
      agents: callable.map((each) => [
        each.called,
        listOf(listed(each, contractCalls(each.called))),
      ]),
    },
    ...[...own].sort().map((service) => ({
      before: `/${service}/`,
      agents: callable.map((each): AgentRoutes => {
        const { services } = each;
        return services?.services.includes(service) === true
          ? [each.called, listOf(listed(each, callsOfService(service, services.paths)))]
          : [each.called, none];
      }),
    })),
    { before: "/", agents: callable.map(({ called }) => [called, none]) },
  ];
}

/**
 * What is asked of callers from outside is asked where they come in. What an agent uses is
 * paid by the first caller, however it was reached.
 */
function insideOf(budgets: ReadonlyMap<string, Budget>): (route: Route) => CountedRoute {
  return ({ budget, limits: _, ...rest }) => {
    const route: Route = { ...rest, allow: { kind: "public" } };
    const quota = budget && quotaOf({ ...route, budget }, budgets);
    return { route, quota: quota && { ...quota, inside: true } };
  };
}

function listed({ byModel, called, routes }: Callable, calls: Calls): readonly EnvoyRoute[] {
  const taking = routes
    .flatMap(({ quota, route }) => callRoutes(route, byModel, quota, calls).grpc)
    .map(({ typedPerFilterConfig = {}, ...route }) => {
      const kept = Object.entries(typedPerFilterConfig).filter(([filter]) => ofInside.has(filter));
      if (kept.length === 0) return route;
      return { ...route, typedPerFilterConfig: Object.fromEntries(kept) };
    });
  return [...taking, agentRefusal(called, grpcMatch({ before: calls.grpc.before }), false)];
}

/** The filters of the listener that a route may change. */
const ofInside: ReadonlySet<string> = new Set([names.lua, ...quotaFilters]);

/** What an agent that may be called is not asked. */
const unserved: readonly EnvoyRoute[] = [
  withoutFilters(
    refusalRoute(
      { pathSpecifier: { case: "prefix", value: "/" }, grpc: {} },
      { reason: "UNKNOWN_SERVICE", message: "The agent that was called does not serve this." },
    ),
  ),
  withoutFilters(nothingHere()),
];

/** The words for those that `calls` lacks are the listener's, which knows the agent's name. */
const uncallable: EnvoyRoute = {
  name: "agent-not-callable",
  match: { pathSpecifier: { case: "prefix", value: "/" }, grpc: {} },
  metadata: { filterMetadata: { [names.metadata]: { [uncallableKey]: true } } },
  action: {
    case: "directResponse",
    value: { status: reasons.AGENT_NOT_CALLABLE.http },
  },
};

const refusals: readonly EnvoyRoute[] = [
  withoutFilters(unnamedAgent("/")),
  uncallable,
  ...unserved,
];

/** The listener has not those that gateways have. */
function withoutFilters({ typedPerFilterConfig: _, ...route }: EnvoyRoute): EnvoyRoute {
  return route;
}

const tooDeep = withoutFilters(
  refusalRoute(
    { pathSpecifier: { case: "prefix", value: "/" } },
    {
      reason: "CALL_TOO_DEEP",
      message: `More than ${deepest} agents call one another here: one of them may be calling itself.`,
    },
  ),
);

/** Before anything else, so that a loop ends whatever it calls. */
function deepOr(others: Matcher): Matcher {
  return create(MatcherSchema, {
    matcherType: {
      case: "matcherList",
      value: {
        matchers: [
          {
            predicate: headerFits(names.viaHeader, `([^,]*,){${deepest - 1},}[^,]*`),
            onMatch: listOf([tooDeep]),
          },
        ],
      },
    },
    onNoMatch: { onMatch: { case: "matcher", value: others } },
  });
}

function said(key: string, value: string, how: keyof typeof HeaderValueOption_HeaderAppendAction) {
  return {
    header: { key, value },
    appendAction: HeaderValueOption_HeaderAppendAction[how],
  };
}
