// Which call goes where, who may make it, and how long it may take.

import { create } from "@bufbuild/protobuf";
import type { Route as EnvoyRoute } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import type { Mesh } from "../model/mesh.ts";
import type { Origin } from "../source/origin.ts";
import { callRoutes } from "./call-routes.ts";
import type { Described } from "./described.ts";
import { transcoder } from "./filters/transcoder.ts";
import { healthRoutes } from "./health-routes.ts";
import { agentsByModel } from "./model-routes.ts";
import { names } from "./names.ts";
import { agentRefusals, modelRefusals, otherRefusals } from "./refusal-routes.ts";
import { stickyClaims, stickyHeader } from "./sticky.ts";

/**
 * The one route table of a gateway, in matching order: what the mesh's routes
 * take, then each agent's refusals, then what is nobody's.
 *
 * @param contract see `transcoder`
 */
export function routes(mesh: Mesh, contract: Uint8Array): readonly Described<RouteConfiguration>[] {
  const byModel = agentsByModel(mesh);
  const byAgent = new Map(mesh.agents.map(({ name }) => [name, agentTable()]));
  const put = (agent: string, routes: readonly EnvoyRoute[], origin: Origin): void => {
    const table = byAgent.get(agent) ?? agentTable();
    byAgent.set(agent, table);
    for (const route of routes) table[isGrpc(route) ? "grpc" : "rest"].push({ route, origin });
  };
  for (const { name, origin } of mesh.agents) {
    if (byModel.has(name)) put(name, modelRefusals(name), origin);
  }
  for (const route of mesh.routes) {
    const { agent } = route.match;
    put(agent, callRoutes(route, byModel.has(agent)), route.origin);
  }
  for (const { name, origin } of mesh.agents) {
    put(name, agentRefusals(name, byModel.has(name)), origin);
  }
  const others = [...healthRoutes, ...otherRefusals()];
/** One of Envoy's routes, and where an operator wrote what it came from. */
interface Placed {
  readonly route: EnvoyRoute;
  readonly origin: Origin | undefined;
}

function placed(of: readonly EnvoyRoute[], origin?: Origin): readonly Placed[] {
  return of.map((route) => ({ route, origin }));
}
