// Each agent as a cluster of its instances.

import { create } from "@bufbuild/protobuf";
import {
  type Cluster,
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  ClusterSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import { HttpProtocolOptionsSchema } from "@smartcall/envoy/api/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js";
import type { Agent, Mesh } from "../model/mesh.ts";
import { type Described, madeOf } from "./described.ts";
import { any, fromControlPlane, milliseconds } from "./message.ts";
import { quotaCluster } from "./quota-cluster.ts";
import { upstreamTls } from "./upstream-tls.ts";

/** A cluster for each agent, by the agent's name, and that of the quota service. */
export function clusters(mesh: Mesh): readonly Described<Cluster>[] {
  const agents = mesh.agents.map((agent) => madeOf(agent, agent.tls, () => cluster(agent)));
  // No agent has a name that comes after its own.
  return [...agents, quotaCluster(mesh)];
}

function cluster({ name, tls }: Agent): Cluster {
  return create(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: {
      serviceName: name,
      // An agent whose instances never come must not keep a gateway from starting.
      edsConfig: fromControlPlane(5_000),
    },
    connectTimeout: milliseconds(1_000),
    ...(tls && { transportSocket: upstreamTls(tls) }),
    lbPolicy: Cluster_LbPolicy.LEAST_REQUEST,
    commonLbConfig: {
      // With no healthy instance a call fails at once, rather than go to one that is gone.
      healthyPanicThreshold: { value: 0 },
    },
    // Envoy's own bounds (1,024 each) turn load into refusals; the agents bound themselves.
    circuitBreakers: { thresholds: [unbounded] },
    typedExtensionProtocolOptions: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": grpc,
    },
  });
}

const many = 1_000_000;
const unbounded = {
  maxConnections: many,
  maxPendingRequests: many,
  maxRequests: many,
  maxRetries: many,
};

const grpc = any(HttpProtocolOptionsSchema, {
  upstreamProtocolOptions: {
    case: "explicitHttpConfig",
    value: {
      protocolConfig: {
        case: "http2ProtocolOptions",
        value: {
          // Finds an instance whose machine went without a word.
          connectionKeepalive: { interval: milliseconds(30_000), timeout: milliseconds(10_000) },
        },
      },
    },
  },
});
