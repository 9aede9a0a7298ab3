// The agent itself, as its sidecar reaches it.

import { create } from "@bufbuild/protobuf";
import {
  type Cluster,
  Cluster_DiscoveryType,
  ClusterSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import { HttpProtocolOptionsSchema } from "@smartcall/envoy/api/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js";
import { connectMs } from "../connect-time.ts";
import { type Described, madeOf } from "../described.ts";
import { addressOf } from "../endpoint.ts";
import { manyStreams } from "../many-streams.ts";
import { any, milliseconds } from "../message.ts";
import type { RoutedAgent } from "../routed-mesh.ts";
import { sidecarNames } from "./names.ts";

/** In plain gRPC by a Unix socket in the folder that both run in. */
export function agentCluster({ concurrency, origin }: RoutedAgent): Described<Cluster> {
  const name = sidecarNames.agentCluster;
  const most = concurrency?.running ?? unbounded;
  return madeOf({ name, origin }, most, () =>
    create(ClusterSchema, {
      name,
      clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
      connectTimeout: milliseconds(connectMs),
      loadAssignment: {
        clusterName: name,
        endpoints: [
          {
            lbEndpoints: [
              {
                hostIdentifier: {
                  case: "endpoint",
                  value: { address: addressOf({ kind: "unix", path: agentSocket }) },
                },
              },
            ],
          },
        ],
      },
      circuitBreakers: {
        thresholds: [
          {
            maxConnections: unbounded,
            // They wait for the connection only, of which there is one.
            maxPendingRequests: most,
            maxRequests: most,
            maxRetries: 0,
          },
        ],
      },
      typedExtensionProtocolOptions: {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http2,
      },
    }),
  );
}

const agentSocket = "agent.sock";
const unbounded = 1_000_000;

const http2 = any(HttpProtocolOptionsSchema, {
  upstreamProtocolOptions: {
    case: "explicitHttpConfig",
    value: {
      protocolConfig: {
        case: "http2ProtocolOptions",
        value: manyStreams,
      },
    },
  },
});
