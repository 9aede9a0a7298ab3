// The delta ADS service on the wire: its gRPC definition, and our words for its messages.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MethodDefinition } from "@grpc/grpc-js";
import { httpsPortKey } from "@smartcall/envoy";
import type { Node as EnvoyNode } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  type DeltaDiscoveryRequest,
  DeltaDiscoveryRequestSchema,
  type DeltaDiscoveryResponse,
  DeltaDiscoveryResponseSchema,
} from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { typeUrls } from "../snapshot/snapshot.ts";
import { encode } from "../translate/wire/index.ts";
import type { Node, Request, Response } from "./request.ts";

/** The gRPC service by which an Envoy asks for all its resources. */
export const aggregatedDiscovery: {
  readonly DeltaAggregatedResources: MethodDefinition<
    DeltaDiscoveryRequest,
    DeltaDiscoveryResponse
  >;
} = {
  DeltaAggregatedResources: {
    path: "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources",
    requestStream: true,
    responseStream: true,
    requestSerialize: (request) => Buffer.from(toBinary(DeltaDiscoveryRequestSchema, request)),
    requestDeserialize: (bytes) => fromBinary(DeltaDiscoveryRequestSchema, bytes),
    responseSerialize: (response) => serialise(response),
    responseDeserialize: (bytes) => fromBinary(DeltaDiscoveryResponseSchema, bytes),
  },
};

/** Without a copy: a table of routes has megabytes. */
function serialise(response: DeltaDiscoveryResponse): Buffer {
  const { buffer, byteOffset, byteLength } = encode(DeltaDiscoveryResponseSchema, response);
  return Buffer.from(buffer, byteOffset, byteLength);
}

/**
 * Options for the gRPC server that carries the service: a node that comes back
 * lists all that it holds, and one that is gone is noticed.
 */
export const xdsServerOptions = {
  "grpc.max_receive_message_length": 32 * 1024 * 1024,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
} as const;

/** A request in our words. */
export function toRequest(message: DeltaDiscoveryRequest): Request {
  const { errorDetail } = message;
  return {
    node: nodeOf(message),
    typeUrl: message.typeUrl,
    subscribe: message.resourceNamesSubscribe,
    unsubscribe: message.resourceNamesUnsubscribe,
    initialVersions: new Map(Object.entries(message.initialResourceVersions)),
    nonce: message.responseNonce,
    refusal: errorDetail && { code: errorDetail.code, message: errorDetail.message },
  };
}

/**
 * A response as its message.
 *
 * @param controlPlane says which control plane answered
 */
export function toMessage(response: Response, controlPlane: string): DeltaDiscoveryResponse {
  const typeUrl = typeUrls[response.type];
  return create(DeltaDiscoveryResponseSchema, {
    typeUrl,
    nonce: response.nonce,
    systemVersionInfo: response.version,
    controlPlane: { identifier: controlPlane },
    resources: response.resources.map(({ name, version, body }) => ({
      name,
      version,
      resource: { typeUrl, value: body },
    })),
    removedResources: [...response.removed],
  });
}

function nodeOf({ node }: DeltaDiscoveryRequest): Node | undefined {
  if (node === undefined) return undefined;
  const { id, cluster } = node;
  const version = versionOf(node);
  const port = node.metadata?.[httpsPortKey];
  const isPort = typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65_536;
  return isPort ? { id, cluster, version, httpsPort: port } : { id, cluster, version };
}

function versionOf({ userAgentVersionType }: EnvoyNode): string {
  if (userAgentVersionType.case === "userAgentVersion") return userAgentVersionType.value;
  const build = userAgentVersionType.value?.version;
  return build ? `${build.majorNumber}.${build.minorNumber}.${build.patch}` : "";
}
