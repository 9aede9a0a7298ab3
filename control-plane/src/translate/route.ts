// Which call goes where, who may make it, and how long it may take.

import { create } from "@bufbuild/protobuf";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import type { Agent, Mesh, Route } from "../model/mesh.ts";
import type { Origin } from "../source/origin.ts";
import { boundsOf } from "./bounds.ts";
import { type EnvoyRoute, grpcMatch, grpcPath, restMatch } from "./call-match.ts";
import { type ByDoor, callRoutes } from "./call-routes.ts";
import type { Described } from "./described.ts";
import { leadsTo } from "./destinations.ts";
import { bufferOff, bufferOfTable } from "./filters/buffer.ts";
import { withLimitsOn } from "./filters/limits-per-route.ts";
import { luaFramesOfTable } from "./filters/lua-frames.ts";
import { quotaOf, type RouteQuota } from "./filters/quota-per-route.ts";
import { transcoder } from "./filters/transcoder.ts";
import { agentsByModel } from "./model-routes.ts";
import { names } from "./names.ts";
import { largestPage, openPages } from "./open-pages.ts";
import { preflights } from "./preflights.ts";
import { agentRefusal, grpcRefusals, modelRefusals, restRefusals } from "./refusal-routes.ts";
import { remembered } from "./remembered.ts";
import { type AgentRoutes, grpcTree, listOf, type RouteList, restTree } from "./route-tree.ts";
import { virtualHost } from "./virtual-host.ts";

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
  const asked = mesh.gateway.corsOrigins === undefined ? [] : preflights();
  const ofRest = { preflights: asked, others: [...openPages(mesh), ...restRefusals()] };
  const ofGrpc = { preflights: asked, others: grpcRefusals() };
  return [
    {
      name: names.routes,
      leadsTo: [...new Set(mesh.routes.flatMap(leadsTo))],
      parts: [
        ...agents.flatMap((each) => each.rest.origins),
        ...ofRest.others.map(() => undefined),
        ...asKeys(agents).flatMap((each) => each.grpc.origins),
      ],
      message: create(RouteConfigurationSchema, {
        name: names.routes,
        // By the path, which each request has, not by the host, which says nothing here.
        vhostHeader: ":path",
        virtualHosts: [
          virtualHost(mesh, {
            name: "rest",
            domains: ["*"],
            matcher: restTree(listsOf(agents, "rest"), ofRest),
            typedPerFilterConfig: {
              [names.transcoder]: transcoder(contract),
              [names.frames]: luaFramesOfTable,
              [names.buffer]: bufferOfTable(bounds),
            },
          }),
          virtualHost(mesh, {
            name: "grpc",
            domains: [`${grpcPath}*`],
            matcher: grpcTree(listsOf(agents, "grpc"), ofGrpc),
            typedPerFilterConfig: { [names.buffer]: bufferOff },
          }),
        ],
        maxDirectResponseBodySizeBytes: largestPage,
        // One that goes to a cluster not yet there answers 503 until it is.
        validateClusters: false,
      }),
    },
  ];
}

function listsOf(agents: readonly AgentTable[], door: keyof ByDoor): readonly AgentRoutes[] {
  return agents.map((each) => [each.agent, each[door].list]);
}

/** The routes of one agent by their doors, and for each where an operator wrote what it came from. */
interface AgentTable {
  readonly agent: string;
  readonly rest: DoorTable & { readonly origins: readonly Origin[] };
  readonly grpc: DoorTable & { readonly origins: readonly Origin[] };
}

/** The routes of one door; for each, which of the agent's it came from, -1 for none. */
interface DoorTable {
  readonly list: RouteList;
  readonly from: readonly number[];
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
  const { rest, grpc } = made.of(JSON.stringify([agent.name, content, byModel]), () =>
    makeTable(agent.name, routes, byModel),
  );
  const withOrigins = (table: DoorTable) => ({
    ...table,
    origins: table.from.map((index) => routes[index]?.route.origin ?? agent.origin),
  });
  return { agent: agent.name, rest: withOrigins(rest), grpc: withOrigins(grpc) };
}

/** The same without origins. */
type MadeTable = { readonly [Door in keyof ByDoor]: DoorTable };

const made = remembered<MadeTable>();

function makeTable(agent: string, routes: readonly CountedRoute[], byModel: boolean): MadeTable {
  const counting = withLimitsOn(routes.map(({ route }) => route));
  const doors = routes.map(({ route, quota }) => callRoutes(route, byModel, quota));
  const left = !routes.some(({ route }) => takesAll(route));
  const table = (door: keyof ByDoor, first: readonly EnvoyRoute[], last: EnvoyRoute): DoorTable => {
    const own = doors.map((each) => each[door]);
    const rest = left ? [last] : [];
    return {
      list: listOf([...first, ...own.flat(), ...rest].map(counting)),
      from: [
        ...first.map(() => -1),
        ...own.flatMap((each, index) => each.map(() => index)),
        ...rest.map(() => -1),
      ],
    };
  };
  return {
    rest: table(
      "rest",
      byModel ? modelRefusals(agent) : [],
      agentRefusal(agent, restMatch(agent), byModel),
    ),
    grpc: table("grpc", [], agentRefusal(agent, grpcMatch(), false)),
  };
}

/** Whether no call of the agent is left for another route. */
function takesAll({ match: { claims, headers, models, path } }: Route): boolean {
  const asks = Object.keys(claims).length + Object.keys(headers).length;
  return asks === 0 && models === undefined && path === undefined;
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
