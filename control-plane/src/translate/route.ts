// Which call goes where, who may make it, and how long it may take.

import { create } from "@bufbuild/protobuf";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { directoryService } from "../config/directory-paths.ts";
import type { Route } from "../model/mesh.ts";
import { routesByAgent } from "../model/routes-by-agent.ts";
import { type AgentTable, agentTable, beginTables, type CountedRoute } from "./agent-table.ts";
import { boundsOf } from "./bounds.ts";
import { grpcPath } from "./call-match.ts";
import type { Described } from "./described.ts";
import { leadsTo } from "./destinations.ts";
import { agentPage, directoryHosts } from "./directory-routes.ts";
import { bufferOff, bufferOfTable } from "./filters/buffer.ts";
import { luaFramesOfTable } from "./filters/lua-frames.ts";
import { quotaOf } from "./filters/quota-per-route.ts";
import { transcoder } from "./filters/transcoder.ts";
import { agentsByModel } from "./model-routes.ts";
import { names } from "./names.ts";
import { largestPage, openPages } from "./open-pages.ts";
import { ownHosts } from "./own-hosts.ts";
import { preflights } from "./preflights.ts";
import { grpcRefusals, restRefusals } from "./refusal-routes.ts";
import { type AgentRoutes, grpcTree, restTree } from "./route-tree.ts";
import type { RoutedMesh } from "./routed-mesh.ts";
import { virtualHost } from "./virtual-host.ts";

/**
 * The one route table of a gateway. A call finds its agent first, and then meets
 * what routing by model refuses, what the mesh's routes take, in their order, and
 * what is told to those that are left.
 *
 * @param contract see `transcoder`
 * @param listener see `listenerMark`
 */
export function routes(
  mesh: RoutedMesh,
  contract: Uint8Array,
  listener: string,
): readonly Described<RouteConfiguration>[] {
  beginTables();
  const bounds = boundsOf(mesh.gateway);
  const byModel = agentsByModel(mesh);
  const ofAgent = routesByAgent(mesh.routes);
  const budgets = new Map(mesh.budgets?.map((budget) => [budget.name, budget]));
  const counted = (route: Route): CountedRoute => ({ route, quota: quotaOf(route, budgets) });
  // Of agents that only others may call, nobody outside learns that they are there.
  const shown = mesh.agents.filter(({ hidden }) => hidden !== true);
  const agents = shown.map((agent) =>
    agentTable(agent, (ofAgent.get(agent.name) ?? []).map(counted), byModel.has(agent.name)),
  );
  const asked = mesh.gateway.corsOrigins === undefined ? [] : preflights();
  const ofRest = {
    preflights: asked,
    others: [...openPages(mesh, listener), ...agentPage(), ...restRefusals()],
  };
  const ofGrpc = { preflights: asked, others: grpcRefusals() };
  // Those with methods of their own have hosts of their own, each with its own descriptors.
  const plain = agents.filter(({ own }) => own === undefined);
  const own = ownHosts(agents, { preflights: asked, bounds });
  const directory = directoryHosts(mesh, contract, asked);
  return [
    {
      name: names.routes,
      leadsTo: [
        ...new Set(shown.flatMap(({ name }) => ofAgent.get(name) ?? []).flatMap(leadsTo)),
        ...(shown.length === 0 ? [] : [names.realtimeCluster]),
      ],
      parts: [
        ...plain.flatMap((each) => each.rest.origins),
        ...ofRest.others.map(() => undefined),
        ...asKeys(agents).flatMap((each) => each.grpc.origins),
        ...ofGrpc.others.map(() => undefined),
        ...own.flatMap(({ origins }) => origins),
        ...directory.flatMap(({ routes }) => Array<undefined>(routes).fill(undefined)),
      ],
      message: create(RouteConfigurationSchema, {
        name: names.routes,
        // By the path, which each request has, not by the host, which says nothing here.
        vhostHeader: ":path",
        virtualHosts: [
          virtualHost(mesh, {
            name: "rest",
            domains: ["*"],
            matcher: restTree(listsOf(plain, "rest"), ofRest),
            typedPerFilterConfig: {
              [names.transcoder]: transcoder(contract, [directoryService]),
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
          ...[...own, ...directory].map(({ door }) => virtualHost(mesh, door)),
        ],
        maxDirectResponseBodySizeBytes: largestPage,
        // One that goes to a cluster not yet there answers 503 until it is.
        validateClusters: false,
      }),
    },
  ];
}

function listsOf(agents: readonly AgentTable[], door: "rest" | "grpc"): readonly AgentRoutes[] {
  return agents.map((each) => [each.agent, each[door].list]);
}

/** In the order that names have as keys of an object, where `7` comes before `a`. */
function asKeys(agents: readonly AgentTable[]): readonly AgentTable[] {
  return Object.values(Object.fromEntries(agents.map((each) => [each.agent, each])));
}
