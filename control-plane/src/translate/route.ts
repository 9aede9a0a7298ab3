// Which call goes where, who may make it, and how long it may take.

import { create } from "@bufbuild/protobuf";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { largestRequest } from "@smartcall/protos";
import { standardScope } from "../config/language/route.ts";
import type { Bounds } from "../model/bounds.ts";
import type { Agent, Mesh, Route } from "../model/mesh.ts";
import type { Origin } from "../source/origin.ts";
import { boundsOf, boundTexts } from "./bounds.ts";
import type { EnvoyRoute } from "./call-match.ts";
import { callRoutes } from "./call-routes.ts";
import type { Described } from "./described.ts";
import { pagePolicyHeaders } from "./filters/answer-headers.ts";
import { boundsOfTable } from "./filters/bounds.ts";
import { bufferOfTable, mostBuffered } from "./filters/buffer.ts";
import { corsOfTable } from "./filters/cors.ts";
import { withLimitsOn } from "./filters/limits-per-route.ts";
import { luaFramesOfTable } from "./filters/lua-frames.ts";
import { quotaOf, type RouteQuota } from "./filters/quota-per-route.ts";
import { rbacOfTable } from "./filters/rbac.ts";
import { transcoder } from "./filters/transcoder.ts";
import { agentsByModel } from "./model-routes.ts";
import { names } from "./names.ts";
import { largestPage, openPages } from "./open-pages.ts";
import { preflights } from "./preflights.ts";
import { agentRefusals, modelRefusals, otherRefusals } from "./refusal-routes.ts";
import { remembered } from "./remembered.ts";
import { standardRetry } from "./retry.ts";
import { ofRoute, routeMetadata } from "./route-metadata.ts";
import { type AgentRoutes, listOf, routeTree } from "./route-tree.ts";
import { stickyClaims, stickyHeader } from "./sticky.ts";
import { scopeMissing } from "./table-refusals.ts";

/**
 * The one route table of a gateway. A call finds its agent first, and then meets
 * what routing by model refuses, what the mesh's routes take, in their order, and
 * what is told to those that are left.
 *
 * @param contract see `transcoder`
 */
export function routes(mesh: Mesh, contract: Uint8Array): readonly Described<RouteConfiguration>[] {
  made.begin();
  const bounds = boundsOf(mesh.gateway);
  const byModel = agentsByModel(mesh);
  const ofAgent = groupByAgent(mesh.routes);
  const budgets = new Map(mesh.budgets?.map((budget) => [budget.name, budget]));
  const counted = (route: Route): CountedRoute => ({ route, quota: quotaOf(route, budgets) });
  const agents = mesh.agents.map((agent) =>
    agentTable(agent, (ofAgent.get(agent.name) ?? []).map(counted), byModel.has(agent.name)),
  );
  const pages = mesh.gateway.corsOrigins;
  const others = [...openPages(mesh), ...otherRefusals()];
  return [
    {
      name: names.routes,
      leadsTo: [...new Set(mesh.routes.flatMap(({ to }) => to.map(({ agent }) => agent)))],
      parts: [
        ...agents.flatMap((each) => each.restOrigins),
        ...asKeys(agents).flatMap((each) => each.grpcOrigins),
      ],
      message: create(RouteConfigurationSchema, {
        name: names.routes,
        virtualHosts: [
          {
            name: names.routes,
            domains: ["*"],
            matcher: routeTree(agents, others, pages && preflights()),
            retryPolicy: standardRetry,
            // They are made from claims, for nobody but the gateway.
            requestHeadersToRemove: [
              names.subjectHeader,
              names.tokenIdHeader,
              ...stickyClaims(mesh).map(stickyHeader),
            ],
            // What most routes refuse by, for those that say nothing of it.
            metadata: routeMetadata(
              undefined,
              scopeMissing([standardScope]),
              false,
              boundTexts(bounds),
            ),
            requestBodyBufferLimit: mostBuffered(bounds),
            // Here, so that Envoy need not read them again for each route.
            requestHeadersToAdd: [
              overwrite(names.agentHeader, ofRoute.agent),
              certificateNames,
              ...largestMessage(bounds),
            ],
            // For the error envelope, which is written before Envoy itself adds it.
            responseHeadersToAdd: [
              overwrite("x-request-id", "%REQ(x-request-id)%"),
              // No cache gives one page the answer that names another.
              ...(pages === undefined ? [] : [{ header: { key: "vary", value: "origin" } }]),
            ],
            responseHeadersToRemove: [...pagePolicyHeaders],
            typedPerFilterConfig: {
              [names.transcoder]: transcoder(contract),
              [names.frames]: luaFramesOfTable,
              [names.bounds]: boundsOfTable(bounds),
              [names.buffer]: bufferOfTable(bounds),
              [names.rbac]: rbacOfTable(),
              ...(pages && { [names.cors]: corsOfTable(pages) }),
            },
          },
        ],
        maxDirectResponseBodySizeBytes: largestPage,
        // One that goes to a cluster not yet there answers 503 until it is.
        validateClusters: false,
      }),
    },
  ];
}

/** Of the names of the client's certificate those that are URIs, or else those of hosts. */
const certificateNames = overwrite(
  names.certificateHeader,
  `%COALESCE(${JSON.stringify({
    operators: ["DOWNSTREAM_PEER_URI_SAN", "DOWNSTREAM_PEER_DNS_SAN"],
  })})%`,
);

/** For the agent's kit, which alone sees the messages of a conversation. */
function largestMessage({ bodyBytes }: Bounds) {
  return bodyBytes === largestRequest ? [] : [overwrite(names.largestHeader, `${bodyBytes}`)];
}

function overwrite(key: string, value: string) {
  return {
    header: { key, value },
    appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
  };
}

/** The routes of one agent, and for each where an operator wrote what it came from. */
interface AgentTable extends AgentRoutes {
  readonly restOrigins: readonly Origin[];
  readonly grpcOrigins: readonly Origin[];
}

/** A route, and what the quota service counts of its calls. */
interface CountedRoute {
  readonly route: Route;
  readonly quota: RouteQuota | undefined;
}

function agentTable(agent: Agent, routes: readonly CountedRoute[], byModel: boolean): AgentTable {
  // Nothing but origins changes when lines are written above them.
  const content = routes.map(({ route: { origin, limits, budget, ...rest }, quota }) => [
    rest,
    limits?.map(({ name }) => name),
    quota,
  ]);
  const { restFrom, grpcFrom, ...table } = made.of(
    JSON.stringify([agent.name, content, byModel]),
    () => makeTable(agent.name, routes, byModel),
  );
  const originOf = (index: number): Origin => routes[index]?.route.origin ?? agent.origin;
  return {
    ...table,
    restOrigins: restFrom.map(originOf),
    grpcOrigins: grpcFrom.map(originOf),
  };
}

/** The same without origins: for each route, which of the agent's it came from, -1 for none. */
interface MadeTable extends AgentRoutes {
  readonly restFrom: readonly number[];
  readonly grpcFrom: readonly number[];
}

const made = remembered<MadeTable>();

function makeTable(agent: string, routes: readonly CountedRoute[], byModel: boolean): MadeTable {
  const counting = withLimitsOn(routes.map(({ route }) => route));
  const from = (of: readonly EnvoyRoute[], index: number) =>
    of.map((route) => ({ route: counting(route), index }));
  const all = [
    ...from(byModel ? modelRefusals(agent) : [], -1),
    ...routes.flatMap(({ route, quota }, index) => from(callRoutes(route, byModel, quota), index)),
    ...from(agentRefusals(agent, byModel), -1),
  ];
  const rest = all.filter(({ route }) => !isGrpc(route));
  const grpc = all.filter(({ route }) => isGrpc(route));
  return {
    agent,
    rest: listOf(rest.map(({ route }) => route)),
    grpc: listOf(grpc.map(({ route }) => route)),
    restFrom: rest.map(({ index }) => index),
    grpcFrom: grpc.map(({ index }) => index),
  };
}

function isGrpc({ match }: EnvoyRoute): boolean {
  return match?.grpc !== undefined;
}

/** In the order that names have as keys of an object, where `7` comes before `a`. */
function asKeys(agents: readonly AgentTable[]): readonly AgentTable[] {
  return Object.values(Object.fromEntries(agents.map((each) => [each.agent, each])));
}

function groupByAgent(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const group = groups.get(route.match.agent);
    if (group === undefined) groups.set(route.match.agent, [route]);
    else group.push(route);
  }
  return groups;
}
