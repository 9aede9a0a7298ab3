// The ADS service on the wire: both variants' gRPC definitions, and its options.

import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import type { MethodDefinition } from "@grpc/grpc-js";
import {
  type DeltaDiscoveryRequest,
  DeltaDiscoveryRequestSchema,
  type DeltaDiscoveryResponse,
  DeltaDiscoveryResponseSchema,
  type DiscoveryRequest,
  DiscoveryRequestSchema,
  type DiscoveryResponse,
  DiscoveryResponseSchema,
} from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { encode } from "../translate/wire/index.ts";
import { serialiseDelta } from "./shared-messages.ts";

/** The gRPC service by which a client asks for all its resources. */
export const aggregatedDiscovery: {
  readonly DeltaAggregatedResources: MethodDefinition<
    DeltaDiscoveryRequest,
    DeltaDiscoveryResponse
  >;
  readonly StreamAggregatedResources: MethodDefinition<DiscoveryRequest, DiscoveryResponse>;
} = {
  DeltaAggregatedResources: {
    path: "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources",
    requestStream: true,
    responseStream: true,
    requestSerialize: (request) => serialise(DeltaDiscoveryRequestSchema, request),
    requestDeserialize: (bytes) => fromBinary(DeltaDiscoveryRequestSchema, bytes),
    responseSerialize: serialiseDelta,
    responseDeserialize: (bytes) => fromBinary(DeltaDiscoveryResponseSchema, bytes),
  },
  StreamAggregatedResources: {
    path: "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources",
    requestStream: true,
    responseStream: true,
    requestSerialize: (request) => serialise(DiscoveryRequestSchema, request),
    requestDeserialize: (bytes) => fromBinary(DiscoveryRequestSchema, bytes),
    responseSerialize: (response) => serialise(DiscoveryResponseSchema, response),
    responseDeserialize: (bytes) => fromBinary(DiscoveryResponseSchema, bytes),
  },
};

/**
 * Options for the gRPC server that carries the service: a node that comes back
 * lists all that it holds, and one that is gone is noticed.
 */
export const xdsServerOptions = {
  "grpc.max_receive_message_length": 32 * 1024 * 1024,
  "grpc.max_concurrent_streams": 100,
  // Patient: while this process is busy it hears no answer, and must not lose all nodes by that. A
  // sidecar finds out sooner whether its agent hangs.
  "grpc.keepalive_time_ms": 5_000,
  "grpc.keepalive_timeout_ms": 20_000,
} as const;

/** Without a copy: a table of routes has megabytes. */
function serialise<T extends DescMessage>(schema: T, message: MessageShape<T>): Buffer {
  const { buffer, byteOffset, byteLength } = encode(schema, message);
  return Buffer.from(buffer, byteOffset, byteLength);
}
