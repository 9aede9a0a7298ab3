// The quota service as a cluster: the same for every gateway of this machine.

import { create } from "@bufbuild/protobuf";
import {
  type Cluster,
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  ClusterSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import { HttpProtocolOptionsSchema } from "@smartcall/envoy/api/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js";
import type { Mesh } from "../model/mesh.ts";
import type { Described } from "./described.ts";
import { addressOf } from "./endpoint.ts";
import { any, milliseconds } from "./message.ts";
import { names } from "./names.ts";
import { unbounded } from "./unbounded.ts";

/**
 * Where the quota service listens: sockets or loopback addresses, so in the clear.
 * It is there without an address too, since the listener names it; calls that
 * should be counted are then refused, or pass, as their routes say.
 */
export function quotaCluster({ quota = [], gateway }: Mesh): Described<Cluster> {
  return {
    name: names.quotaCluster,
    origin: gateway.origin,
    message: create(ClusterSchema, {
      name: names.quotaCluster,
      clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
      connectTimeout: milliseconds(1_000),
      lbPolicy: Cluster_LbPolicy.ROUND_ROBIN,
      loadAssignment: {
        clusterName: names.quotaCluster,
        endpoints: [
          {
            lbEndpoints: quota.map((address) => ({
              hostIdentifier: { case: "endpoint" as const, value: { address: addressOf(address) } },
            })),
          },
        ],
      },
      circuitBreakers: { thresholds: [unbounded] },
      typedExtensionProtocolOptions: {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": grpc,
      },
    }),
  };
}

const grpc = any(HttpProtocolOptionsSchema, {
  upstreamProtocolOptions: {
    case: "explicitHttpConfig",
    value: {
      protocolConfig: {
        case: "http2ProtocolOptions",
        value: {
          // Finds a service that hangs.
          connectionKeepalive: { interval: milliseconds(10_000), timeout: milliseconds(2_000) },
        },
      },
    },
  },
});
