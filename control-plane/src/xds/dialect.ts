// How each variant's messages say what we say in our own words.

import { create } from "@bufbuild/protobuf";
import { httpsPortKey, sidecarMetadata } from "@smartcall/envoy";
import type { Node as EnvoyNode } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  type DeltaDiscoveryRequest,
  type DeltaDiscoveryResponse,
  DeltaDiscoveryResponseSchema,
  type DiscoveryRequest,
  type DiscoveryResponse,
  DiscoveryResponseSchema,
} from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { typeUrls } from "../snapshot/snapshot.ts";
import type { View } from "../snapshot/view.ts";
import type { Node, Refusal, Request, Response } from "./request.ts";
import { sharedMessages } from "./shared-messages.ts";
import { readSotw } from "./sotw.ts";
import type { StreamState } from "./stream.ts";
import type { Variant } from "./variant.ts";

/** How the messages of one variant are read and written. */
export interface Dialect<Asked, Told> {
  readonly variant: Variant;
  /** Who asks, where the message says it. */
  node(message: Asked): Node | undefined;
  /** A request in our words; undefined for one that counts for nothing. */
  read(message: Asked, state: StreamState, view: View | undefined): Request | undefined;
  /** @param controlPlane says which control plane answers */
  write(response: Response, controlPlane: string): Told;
}

/** Names come and go one by one, and so do resources. */
export const delta: Dialect<DeltaDiscoveryRequest, DeltaDiscoveryResponse> = {
  variant: "delta",
  node: nodeOf,
  read: (message) => ({
    node: nodeOf(message),
    typeUrl: message.typeUrl,
    subscribe: message.resourceNamesSubscribe,
    unsubscribe: message.resourceNamesUnsubscribe,
    initialVersions: new Map(Object.entries(message.initialResourceVersions)),
    nonce: message.responseNonce,
    refusal: refusalOf(message),
  }),
  write: (response, identifier) => {
    const typeUrl = typeUrls[response.type];
    const message = create(DeltaDiscoveryResponseSchema, {
      typeUrl,
      nonce: response.nonce,
      systemVersionInfo: response.version,
      controlPlane: { identifier },
      removedResources: [...response.removed],
    });
    message.resources = sharedMessages(response.type, response.resources);
    return message;
  },
};

/** All names each time, and all clusters and listeners. */
export const sotw: Dialect<DiscoveryRequest, DiscoveryResponse> = {
  variant: "sotw",
  node: nodeOf,
  read: (message, state, view) => {
    const { typeUrl, resourceNames: names, versionInfo: version, responseNonce: nonce } = message;
    const said = { node: nodeOf(message), typeUrl, nonce, refusal: refusalOf(message) };
    return readSotw(state, { ...said, names, version }, view);
  },
  write: ({ type, nonce, version, resources, whole }, identifier) => {
    const typeUrl = typeUrls[type];
    return create(DiscoveryResponseSchema, {
      typeUrl,
      nonce,
      versionInfo: version,
      controlPlane: { identifier },
      resources: [...(whole?.resources.values() ?? resources)].map(({ body }) => ({
        typeUrl,
        value: body,
      })),
    });
  },
};

function refusalOf({
  errorDetail,
}: Pick<DiscoveryRequest | DeltaDiscoveryRequest, "errorDetail">): Refusal | undefined {
  return errorDetail && { code: errorDetail.code, message: errorDetail.message };
}

function nodeOf({
  node,
}: Pick<DiscoveryRequest | DeltaDiscoveryRequest, "node">): Node | undefined {
  if (node === undefined) return undefined;
  const { id, cluster } = node;
  const version = versionOf(node);
  const httpsPort = portOf(node, httpsPortKey);
  const inboundPort = portOf(node, sidecarMetadata.inboundPort);
  const egressPort = portOf(node, sidecarMetadata.egressPort);
  const inboundHost = node.metadata?.[sidecarMetadata.inboundHost];
  return {
    id,
    cluster,
    version,
    ...(httpsPort && { httpsPort }),
    ...(inboundPort && { inboundPort }),
    ...(egressPort && { egressPort }),
    ...(typeof inboundHost === "string" && { inboundHost }),
    // As gRPC calls itself in every language: "gRPC Go", "gRPC Node Pure JS".
    ...(node.userAgentName.startsWith("gRPC ") && { proxyless: true as const }),
  };
}

function portOf({ metadata }: EnvoyNode, key: string): number | undefined {
  const port = metadata?.[key];
  const isPort = typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65_536;
  return isPort ? port : undefined;
}

function versionOf({ userAgentVersionType }: EnvoyNode): string {
  if (userAgentVersionType.case === "userAgentVersion") return userAgentVersionType.value;
  const build = userAgentVersionType.value?.version;
  return build ? `${build.majorNumber}.${build.minorNumber}.${build.patch}` : "";
}
