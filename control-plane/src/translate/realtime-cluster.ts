// The realtime service as a cluster: each gateway has its own beside it.

import { create } from "@bufbuild/protobuf";
import {
  type Cluster,
  Cluster_DiscoveryType,
  ClusterSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import type { Mesh } from "../model/mesh.ts";
import { connectMs } from "./connect-time.ts";
import type { Described } from "./described.ts";
import { milliseconds } from "./message.ts";
import { names } from "./names.ts";
import { unbounded } from "./unbounded.ts";

/**
 * Its socket is in the folder of the gateway, which is where its Envoy runs; so all gateways
 * have the same description.
 */
export function realtimeCluster({ gateway }: Mesh): Described<Cluster> {
  return { name: names.realtimeCluster, origin: gateway.origin, message };
}

const message = create(ClusterSchema, {
  name: names.realtimeCluster,
  clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
  connectTimeout: milliseconds(connectMs),
  loadAssignment: {
    clusterName: names.realtimeCluster,
    endpoints: [
      {
        lbEndpoints: [
          {
            hostIdentifier: {
              case: "endpoint",
              value: { address: { address: { case: "pipe", value: { path: "realtime.sock" } } } },
            },
          },
        ],
      },
    ],
  },
  circuitBreakers: { thresholds: [unbounded] },
});
