// An agent's cluster with its endpoints inside it.

import { clone } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import {
  type Cluster,
  Cluster_DiscoveryType,
  ClusterSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import type { TransportSocket } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import { UpstreamTlsContextSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import type { Translation } from "../translate/index.ts";
import { any } from "../translate/message.ts";

/** The clusters as they are, each with the endpoints that it would otherwise discover. */
export function staticClusters({ cluster, endpoint }: Translation): Cluster[] {
  const assignments = new Map(endpoint.map(({ name, message }) => [name, message]));
  return cluster.map(({ message }) => {
    const fixed = clone(ClusterSchema, message);
    for (const { transportSocket } of fixed.transportSocketMatches) {
      withoutSources(transportSocket);
    }
    if (fixed.edsClusterConfig === undefined) return fixed;
    const assignment = assignments.get(fixed.edsClusterConfig.serviceName);
    fixed.clusterDiscoveryType = { case: "type", value: Cluster_DiscoveryType.STATIC };
    delete fixed.edsClusterConfig;
    if (assignment !== undefined) fixed.loadAssignment = assignment;
    return fixed;
  });
}

/** What a node proves itself with is among the static secrets, where Envoy looks without a source. */
function withoutSources(socket: TransportSocket | undefined): void {
  if (socket?.configType.case !== "typedConfig") return;
  const tls = anyUnpack(socket.configType.value, UpstreamTlsContextSchema);
  if (tls === undefined) return;
  const { tlsCertificateSdsSecretConfigs = [], validationContextType: believed } =
    tls.commonTlsContext ?? {};
  const others =
    believed?.case === "combinedValidationContext"
      ? [believed.value.validationContextSdsSecretConfig]
      : [];
  for (const secret of [...tlsCertificateSdsSecretConfigs, ...others]) delete secret?.sdsConfig;
  socket.configType.value = any(UpstreamTlsContextSchema, tls);
}
