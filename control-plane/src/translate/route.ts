// Which call goes where, who may make it, and how long it may take.

import { create } from "@bufbuild/protobuf";
import type { Route as EnvoyRoute } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import type { Mesh } from "../model/mesh.ts";
import { callRoutes } from "./call-routes.ts";
import type { Described } from "./described.ts";
import { transcoder } from "./filters/transcoder.ts";
import { names } from "./names.ts";
import { agentRefusals, healthz, otherRefusals } from "./refusal-routes.ts";

/**
 * The one route table of a gateway, in matching order: what the mesh's routes
 * take, then each agent's refusals, then what is nobody's.
 *
 * @param contract see `transcoder`
 */
export function routes(mesh: Mesh, contract: Uint8Array): readonly Described<RouteConfiguration>[] {
  const table: readonly EnvoyRoute[] = [
    healthz,
    ...mesh.routes.flatMap((route) => callRoutes(route)),
    ...mesh.agents.flatMap((agent) => agentRefusals(agent.name)),
    ...otherRefusals(),
  ];
  return [
    {
      name: names.routes,
      message: create(RouteConfigurationSchema, {
        name: names.routes,
        virtualHosts: [
          {
            name: names.routes,
            domains: ["*"],
            routes: [...table],
            typedPerFilterConfig: { [names.transcoder]: transcoder(contract) },
          },
        ],
        // One that goes to a cluster not yet there answers 503 until it is.
        validateClusters: false,
      }),
    },
  ];
}
