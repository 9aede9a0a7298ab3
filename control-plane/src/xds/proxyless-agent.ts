// One agent as a gRPC client without a proxy finds it: a listener of its name, its cluster, its instances.

import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { type DescMessage, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import {
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  ClusterSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import type { LbEndpoint } from "@smartcall/envoy/api/envoy/config/endpoint/v3/endpoint_components_pb.js";
import { ClusterLoadAssignmentSchema } from "@smartcall/envoy/api/envoy/config/endpoint/v3/endpoint_pb.js";
import { ListenerSchema } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { RouterSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/router/v3/router_pb.js";
import { HttpConnectionManagerSchema } from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { References, Resource } from "../snapshot/snapshot.ts";
import { clusterOfEndpoints } from "../translate/endpoints-name.ts";
import { any, fromControlPlane } from "../translate/message.ts";
import { isInTheClear } from "../translate/reach.ts";
import { encode } from "../translate/wire/index.ts";

/** The two resources by which a client finds the instances of an agent. */
export interface ProxylessAgent {
  readonly listener: Resource;
  readonly cluster: Resource;
}

/**
 * The agent behind a gateway's cluster; undefined for a cluster whose instances
 * are not told by endpoints, or are all reached over TLS.
 */
export function proxylessAgent({ name, body, origin }: Resource): ProxylessAgent | undefined {
  const { clusterDiscoveryType, transportSocket } = fromBinary(ClusterSchema, body);
  const { value: type } = clusterDiscoveryType;
  if (type !== Cluster_DiscoveryType.EDS || transportSocket !== undefined) return undefined;
  const listener = resource(name, { cluster: [name] }, ListenerSchema, {
    name,
    apiListener: {
      apiListener: any(HttpConnectionManagerSchema, {
        routeSpecifier: {
          case: "routeConfig",
          value: {
            name,
            virtualHosts: [
              {
                name,
                domains: ["*"],
                routes: [
                  {
                    match: { pathSpecifier: { case: "prefix", value: "" } },
                    action: {
                      case: "route",
                      value: { clusterSpecifier: { case: "cluster", value: name } },
                    },
                  },
                ],
              },
            ],
          },
        },
        httpFilters: [
          {
            name: "router",
            configType: { case: "typedConfig", value: any(RouterSchema, {}) },
          },
        ],
      }),
    },
  });
  const cluster = resource(name, { endpoint: [name] }, ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: { serviceName: name, edsConfig: fromControlPlane(0) },
    lbPolicy: Cluster_LbPolicy.ROUND_ROBIN,
  });
  return { listener: { ...listener, origin }, cluster: { ...cluster, origin } };
}

/**
 * An agent's instances that gRPC can reach by itself: in the clear, and at no Unix
 * socket. A sidecar would ask for a certificate. Each place has a weight.
 */
export function proxylessEndpoints({ name: list, body }: Resource): Resource {
  const { endpoints } = fromBinary(ClusterLoadAssignmentSchema, body);
  const name = clusterOfEndpoints(list);
  return resource(name, {}, ClusterLoadAssignmentSchema, {
    clusterName: name,
    endpoints: endpoints.flatMap(({ locality, lbEndpoints }) => {
      const taken = lbEndpoints.filter((each) => isInTheClear(each) && isAtIp(each));
      if (taken.length === 0) return [];
      // Without a weight, gRPC leaves the place out.
      return [{ locality: locality ?? {}, lbEndpoints: taken, loadBalancingWeight: taken.length }];
    }),
  });
}

function isAtIp({ hostIdentifier }: LbEndpoint): boolean {
  if (hostIdentifier.case !== "endpoint") return false;
  const address = hostIdentifier.value.address?.address;
  return address?.case === "socketAddress" && isIP(address.value.address) !== 0;
}

function resource<Desc extends DescMessage>(
  name: string,
  references: References,
  schema: Desc,
  message: MessageInitShape<Desc>,
): Resource {
  const body = encode(schema, message);
  const version = createHash("sha256").update(body).digest("hex");
  return { name, version, body, references };
}
