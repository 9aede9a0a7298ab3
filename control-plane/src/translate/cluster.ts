// Each agent as a cluster of its instances.

import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  type Cluster,
  Cluster_DiscoveryType,
  ClusterSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import { HttpProtocolOptionsSchema } from "@smartcall/envoy/api/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js";
import type { Agent, Mesh } from "../model/mesh.ts";
import { balanceOf, hashPoliciesOf } from "./balance.ts";
import { breakersOf, mostRunning } from "./breakers.ts";
import { connectMs } from "./connect-time.ts";
import { type Described, madeOf } from "./described.ts";
import { ejectionOf } from "./ejection.ts";
import { endpointsName } from "./endpoints-name.ts";
import { manyStreams } from "./many-streams.ts";
import { any, fromControlPlane, milliseconds, type PartsOf } from "./message.ts";
import { quotaCluster } from "./quota-cluster.ts";
import { type ReachOfCluster, reachKey, reachOf } from "./reach.ts";
import { realtimeCluster } from "./realtime-cluster.ts";
import { withStandIns } from "./stand-ins.ts";

/** A cluster for each agent, by the agent's name, and those of the services beside the gateway. */
export function clusters(mesh: Mesh): readonly Described<Cluster>[] {
  const stoodInFor = withStandIns(mesh);
  const agents = mesh.agents.map((agent) => {
    const { balance, ejection, name, tls } = agent;
    const bounds = [mostRunning(agent), stoodInFor.has(name)] as const;
    const content = [reachKey(mesh, agent), tls, balance, ejection, bounds];
    return madeOf(agent, content, () =>
      cluster(agent, breakersOf(...bounds), reachOf(mesh, agent)),
    );
  });
  // No agent has a name that comes after its own.
  return [...agents, quotaCluster(mesh), realtimeCluster(mesh)];
}

function cluster(
  agent: Agent,
  circuitBreakers: ReturnType<typeof breakersOf>,
  reach: ReachOfCluster,
): Cluster {
  const { balance, name } = agent;
  const outlierDetection = ejectionOf(agent);
  return create(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: {
      serviceName: endpointsName(agent),
      // An agent whose instances never come must not keep a gateway from starting.
      edsConfig: fromControlPlane(5_000),
    },
    connectTimeout: milliseconds(connectMs),
    ...reach,
    loadBalancingPolicy: balanceOf(balance),
    commonLbConfig: {
      // Where all are left alone, all are asked: an agent's last instance may be among them. Those
      // that are gone are not, for they are no endpoints.
      healthyPanicThreshold: { value: 1 },
      // Envoy else keeps back for a second that an instance is left alone, or is not any more,
      // where that of another has just changed.
      updateMergeWindow: milliseconds(0),
    },
    circuitBreakers,
    ...(outlierDetection && { outlierDetection }),
    typedExtensionProtocolOptions: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": httpOf(balance),
    },
  });
}

/** How instances are talked to, and what their callers are alike in. */
function httpOf(balance: Agent["balance"]): Any {
  const hashPolicy = hashPoliciesOf(balance);
  return hashPolicy.length === 0 ? grpc : http({ hashPolicy });
}

const grpc = http({});

function http(more: PartsOf<typeof HttpProtocolOptionsSchema>): Any {
  return any(HttpProtocolOptionsSchema, {
    ...more,
    upstreamProtocolOptions: {
      case: "explicitHttpConfig",
      value: {
        protocolConfig: {
          case: "http2ProtocolOptions",
          value: {
            ...manyStreams,
            // Finds an instance whose machine went without a word.
            connectionKeepalive: { interval: milliseconds(30_000), timeout: milliseconds(10_000) },
          },
        },
      },
    },
  });
}
