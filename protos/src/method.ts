// Turns a method's two message classes into what grpc-js wants to know of it.

import { fromBinary } from "@bufbuild/protobuf";
import type { MethodDefinition } from "@grpc/grpc-js";
import { contractRules } from "./rules/contract-rules.ts";

/** A generated message class, as far as the wire is concerned. */
export interface MessageClass<M extends { serializeBinary(): Uint8Array }> {
  deserializeBinary(bytes: Uint8Array): M;
}

/** One side of a method: how its messages become bytes and come back. */
export interface Codec<M> {
  serialize(message: M): Buffer;
  deserialize(bytes: Buffer): M;
}

/** The codec of a generated message class. */
export function codecOf<M extends { serializeBinary(): Uint8Array }>(
  type: MessageClass<M>,
): Codec<M> {
  return {
    serialize(message) {
      const bytes = message.serializeBinary();
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    // google-protobuf copies a Buffer but reads a plain Uint8Array in place.
    deserialize(bytes) {
      return type.deserializeBinary(
        new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      );
    },
  };
}

/**
 * The codec of a class whose messages come from whom we need not trust.
 *
 * google-protobuf believes a length that is longer than the message, and is busy
 * for minutes with what is not there. So each is read by another library first,
 * which throws on one that is not whole.
 *
 * @param name of the message, such as `smartcall.v1.LeaseReport`
 */
export function strictCodecOf<M extends { serializeBinary(): Uint8Array }>(
  type: MessageClass<M>,
  name: string,
): Codec<M> {
  const codec = codecOf(type);
  return {
    ...codec,
    deserialize(bytes) {
      // Read when the first message comes: a client never needs them.
      fromBinary(contractRules().typeOf(name), bytes);
      return codec.deserialize(bytes);
    },
  };
}

/** A grpc-js method definition; `streams` says which sides send many messages. */
export function method<Request, Response>(
  path: string,
  request: Codec<Request>,
  response: Codec<Response>,
  streams: { readonly request: boolean; readonly response: boolean },
): MethodDefinition<Request, Response> {
  return {
    path,
    requestStream: streams.request,
    responseStream: streams.response,
    requestSerialize: request.serialize,
    requestDeserialize: request.deserialize,
    responseSerialize: response.serialize,
    responseDeserialize: response.deserialize,
  };
}
