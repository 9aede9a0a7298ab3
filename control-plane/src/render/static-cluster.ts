// An agent's cluster with its endpoints inside it.

import { clone } from "@bufbuild/protobuf";
import {
  type Cluster,
  Cluster_DiscoveryType,
  ClusterSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import type { Translation } from "../translate/index.ts";

/** The clusters as they are, each with the endpoints that it would otherwise discover. */
export function staticClusters({ cluster, endpoint }: Translation): Cluster[] {
  const assignments = new Map(endpoint.map(({ name, message }) => [name, message]));
  return cluster.map(({ message }) => {
    const fixed = clone(ClusterSchema, message);
    const assignment = assignments.get(fixed.edsClusterConfig?.serviceName ?? fixed.name);
    fixed.clusterDiscoveryType = { case: "type", value: Cluster_DiscoveryType.STATIC };
    delete fixed.edsClusterConfig;
    if (assignment !== undefined) fixed.loadAssignment = assignment;
    return fixed;
  });
}
