// What comes to an agent: all of it goes to the agent, which is asked for nothing but what its callers say.

import { create } from "@bufbuild/protobuf";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { type Described, madeOf } from "../described.ts";
import { expiryHeader } from "../filters/deadline.ts";
import { jwtOptional } from "../filters/jwt.ts";
import { milliseconds } from "../message.ts";
import { names } from "../names.ts";
import { sidecarMarks } from "../retry.ts";
import { routeMetadata } from "../route-metadata.ts";
import { stickyHeader } from "../sticky.ts";
import { sidecarNames } from "./names.ts";

/**
 * One route. It has no time limit: a call ends by the deadline that its caller gave it, or
 * when its caller, a gateway or a sidecar, which has one, ends it.
 *
 * @param sticky the claims that become headers
 */
export function inboundRoutes(
  agent: string,
  sticky: readonly string[],
): Described<RouteConfiguration> {
  const name = sidecarNames.inbound;
  const leadsTo = [sidecarNames.agentCluster];
  return madeOf({ name, leadsTo }, [agent, sticky], () =>
    create(RouteConfigurationSchema, {
      name,
      virtualHosts: [
        {
          name: agent,
          domains: ["*"],
          typedPerFilterConfig: { [names.jwt]: jwtOptional },
          requestHeadersToRemove: inner(sticky),
          // An agent that had a call cannot say that it had none.
          responseHeadersToRemove: Object.values(sidecarMarks),
          requestHeadersToAdd: [
            {
              header: { key: names.callerHeader, value: "%DOWNSTREAM_PEER_URI_SAN%" },
              appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
            },
          ],
          routes: [
            {
              name: agent,
              match: { pathSpecifier: { case: "prefix", value: "/" } },
              metadata: routeMetadata(agent, undefined),
              action: {
                case: "route",
                value: {
                  clusterSpecifier: { case: "cluster", value: sidecarNames.agentCluster },
                  timeout: unlimited,
                  // With it Envoy leaves `grpc-timeout` as the caller gave it.
                  maxStreamDuration: { maxStreamDuration: unlimited },
                  idleTimeout: unlimited,
                },
              },
            },
          ],
        },
      ],
      validateClusters: false,
    }),
  );
}

/** What is made of a token for Envoy alone. */
export function inner(sticky: readonly string[]): string[] {
  return [names.tokenIdHeader, expiryHeader, ...sticky.map(stickyHeader)];
}

const unlimited = milliseconds(0);
