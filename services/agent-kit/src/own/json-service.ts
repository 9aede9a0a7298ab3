// A service of an agent's own whose messages are plain objects: for those who generate no code.

import {
  createFileRegistry,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  fromJson,
  type JsonObject,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { MethodDefinition } from "@grpc/grpc-js";
import { agentError } from "../agent-error.ts";
import type { OwnMethod } from "./own-method.ts";
import type { OwnCall, OwnService } from "./own-service.ts";

/** A handler of one message each way, as JSON has it (https://protobuf.dev/programming-guides/json). */
export type JsonHandler = (request: JsonObject, call: OwnCall) => Promise<JsonObject>;

/** A handler that answers with many. */
export type JsonStreamHandler = (request: JsonObject, call: OwnCall) => AsyncIterable<JsonObject>;

/**
 * A service for `Agent.services` without generated code.
 *
 * @param parts `service`: its full name; `descriptors`: the bytes that
 *   `protoc --include_imports --descriptor_set_out` writes; `handlers`: by the names of the
 *   methods, such as `Forecast`. Those whose callers send many messages are `ownService`'s.
 * @throws Error where the descriptors have no such service, or it no such method
 */
export function jsonService(parts: {
  readonly service: string;
  readonly descriptors: Uint8Array;
  readonly handlers: { readonly [method: string]: JsonHandler | JsonStreamHandler };
}): OwnService {
  const { descriptors, handlers, service } = parts;
  const { found, types } = serviceIn(descriptors, service);
  const methods = found.methods.filter(({ proto }) => !proto.clientStreaming);
  const names = new Set(methods.map(({ name }) => name));
  const unknown = Object.keys(handlers).find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new Error(
      `${service} has no method ${unknown} of one request; handle one of ${[...names].join(", ")}.`,
    );
  }
  const definition = Object.fromEntries(
    methods.map((method) => [method.name, definitionOf(method, types)]),
  );
  return { definition, descriptors, handlers };
}

/**
 * A method of another agent's own, called with plain objects: for `call.agent(…).invokeOwn`
 * and `streamOwn`, and for tests of an agent's own.
 *
 * @param parts as `jsonService`'s, and the name of one method
 * @throws Error where the descriptors have no such service, or it no such method
 */
export function jsonMethod(parts: {
  readonly service: string;
  readonly method: string;
  readonly descriptors: Uint8Array;
}): OwnMethod<JsonObject, JsonObject> {
  const { found, types } = serviceIn(parts.descriptors, parts.service);
  const method = found.methods.find(({ name }) => name === parts.method);
  if (method !== undefined) return definitionOf(method, types);
  const names = found.methods.map(({ name }) => name).join(", ");
  throw new Error(`${parts.service} has no method ${parts.method}; name one of ${names}.`);
}

function serviceIn(descriptors: Uint8Array, service: string) {
  const types = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  const found = types.getService(service);
  if (found !== undefined) return { found, types };
  throw new Error(`The descriptors have no service ${service}; name one that they have.`);
}

function definitionOf(
  method: DescMethod,
  types: FileRegistry,
): MethodDefinition<JsonObject, JsonObject> {
  const path = `/${method.parent.typeName}/${method.name}`;
  const asked = codecOf(method.input, types);
  const answered = codecOf(method.output, types);
  return {
    path,
    requestStream: false,
    responseStream: method.proto.serverStreaming,
    requestSerialize: asked.serialize,
    requestDeserialize: asked.deserialize,
    responseSerialize: answered.serialize,
    responseDeserialize: answered.deserialize,
  };
}

function codecOf(type: DescMessage, registry: FileRegistry) {
  return {
    serialize: (message: JsonObject): Buffer =>
      Buffer.from(toBinary(type, fromJson(type, message, { registry }))),
    deserialize(bytes: Buffer): JsonObject {
      const json = toJson(type, fromBinary(type, bytes), { registry });
      if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
      throw agentError("INTERNAL", `${type.typeName} is no object in JSON`);
    },
  };
}
