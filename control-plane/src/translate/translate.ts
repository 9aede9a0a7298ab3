// A mesh as Envoy's resources.

import type { Cluster } from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import type { TypedExtensionConfig } from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import type { ClusterLoadAssignment } from "@smartcall/envoy/api/envoy/config/endpoint/v3/endpoint_pb.js";
import type { Listener } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import type { RouteConfiguration } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import type { Secret } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import type { Mesh } from "../model/mesh.ts";
import { clusters } from "./cluster.ts";
import type { Described } from "./described.ts";
import { endpoints } from "./endpoint.ts";
import { extensions } from "./extension.ts";
import { keptRoutes } from "./kept-routes.ts";
import { listeners } from "./listener.ts";
import { secrets } from "./secret.ts";

/** All resources of a mesh as messages, each type in the order of its names. */
export interface Translation {
  readonly cluster: readonly Described<Cluster>[];
  readonly endpoint: readonly Described<ClusterLoadAssignment>[];
  readonly listener: readonly Described<Listener>[];
  readonly route: readonly Described<RouteConfiguration>[];
  readonly secret: readonly Described<Secret>[];
  readonly extension: readonly Described<TypedExtensionConfig>[];
}

/**
 * Translates a mesh for its gateways. The same mesh always gives the same.
 *
 * @param contract the serialised FileDescriptorSet of the agents' contract, see
 *   `transcoder`
 */
export function translate(mesh: Mesh, contract: Uint8Array): Translation {
  const { all, mark } = listeners(mesh);
  return {
    cluster: clusters(mesh),
    endpoint: endpoints(mesh),
    listener: all,
    route: keptRoutes(mesh, contract, mark),
    secret: secrets(mesh),
    extension: extensions(mesh),
  };
}
