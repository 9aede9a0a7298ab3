// Turns a method's two message classes into what grpc-js wants to know of it.

import type { MethodDefinition } from "@grpc/grpc-js";

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
