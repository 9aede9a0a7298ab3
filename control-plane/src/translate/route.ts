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
import { names } from "./names.ts";
import { agentRefusals, otherRefusals } from "./refusal-routes.ts";

/**
 * The one route table of a gateway, in matching order: what the mesh's routes
 * take, then each agent's refusals, then what is nobody's.
 *
 * @param contract see `transcoder`
 */
export function routes(mesh: Mesh, contract: Uint8Array): readonly Described<RouteConfiguration>[] {
  const table: readonly Placed[] = [
    ...placed(healthRoutes),
    ...mesh.routes.flatMap((route) => placed(callRoutes(route), route.origin)),
    ...mesh.agents.flatMap((agent) => placed(agentRefusals(agent.name), agent.origin)),
    ...placed(otherRefusals()),
  ];
  return [
    {
      name: names.routes,
      parts: table.map(({ origin }) => origin),
      message: create(RouteConfigurationSchema, {
        name: names.routes,
        virtualHosts: [
          {
            name: names.routes,
            domains: ["*"],
            routes: table.map(({ route }) => route),
            typedPerFilterConfig: { [names.transcoder]: transcoder(contract) },
          },
        ],
        // One that goes to a cluster not yet there answers 503 until it is.
        validateClusters: false,
      }),
    },
  ];
}

/** One of Envoy's routes, and where an operator wrote what it came from. */
interface Placed {
  readonly route: EnvoyRoute;
  readonly origin: Origin | undefined;
}

function placed(of: readonly EnvoyRoute[], origin?: Origin): readonly Placed[] {
  return of.map((route) => ({ route, origin }));
}
