// All that one node can be told at one moment, by type and name.

import type { Origin } from "../source/origin.ts";
import type { Sidecars } from "../translate/index.ts";

/** The types of resource that we serve, by their type URLs. */
export const typeUrls = {
  cluster: "type.googleapis.com/envoy.config.cluster.v3.Cluster",
  endpoint: "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
  listener: "type.googleapis.com/envoy.config.listener.v3.Listener",
  route: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
  secret: "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret",
  extension: "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
} as const;

/** A type of resource, in Envoy's word for it. */
export type ResourceType = keyof typeof typeUrls;

/** The names of other resources by their type; each name once, sorted. */
export type References = Readonly<Partial<Record<ResourceType, readonly string[]>>>;

/** One resource, serialised once for every node that gets it. */
export interface Resource {
  readonly name: string;
  /** SHA-256 of the body, in hex: the same content has the same version everywhere. */
  readonly version: string;
  /** The message's canonical bytes, without their type URL. */
  readonly body: Uint8Array;
  /** Where an operator wrote what it came from. */
  readonly origin?: Origin | undefined;
  /** The same for each of its parts, in their order: the routes of a route table. */
  readonly parts?: readonly (Origin | undefined)[];
  /** What it names of others, where its maker knows: else it is read from the body. */
  readonly references?: References;
}

/** Resources of each type, by name; and what the mesh's sidecars get beside them. */
export type Snapshot = Readonly<Record<ResourceType, ReadonlyMap<string, Resource>>> & {
  readonly sidecars?: Sidecars;
};
