// The contract's messages between JSON, as callers of the socket have them, and bytes.

import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonObject,
  type JsonValue,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { contractRules } from "@smartcall/protos";
import { isObject } from "./json.ts";

/** The contract. */
export interface Contract {
  /** The bytes of an InvokeRequest, or what is wrong with its JSON, as a sentence. */
  request(json: JsonObject): Buffer | string;
  /** A StreamEvent as JSON, as it is in server-sent events; undefined where the bytes are none. */
  event(bytes: Uint8Array): JsonObject | undefined;
  /** A google.rpc.Status as JSON; undefined where the bytes are none. */
  status(bytes: Uint8Array): JsonObject | undefined;
}

/** Reads the committed descriptors. */
export function readContract(): Contract {
  const { registry, typeOf } = contractRules();
  const invokeRequest = typeOf("smartcall.v1.InvokeRequest");
  const streamEvent = typeOf("smartcall.v1.StreamEvent");
  const rpcStatus = typeOf("google.rpc.Status");
  const read = (type: DescMessage, bytes: Uint8Array): JsonObject | undefined => {
    try {
      return objectIn(toJson(type, fromBinary(type, bytes), { registry }));
    } catch {
      return undefined;
    }
  };
  return {
    request(json) {
      try {
        return Buffer.from(toBinary(invokeRequest, fromJson(invokeRequest, json, { registry })));
      } catch (error) {
        return wrongIn(error instanceof Error ? error.message : String(error));
      }
    },
    event: (bytes) => read(streamEvent, bytes),
    status: (bytes) => read(rpcStatus, bytes),
  };
}

/** The library's words without the names of its own. */
function wrongIn(words: string): string {
  const unknown = /key "(.{1,64})" is unknown/.exec(words)?.[1];
  if (unknown !== undefined) return `There is no field "${unknown}".`;
  const field = /field [\w.]+\.(\w+)/.exec(words)?.[1];
  return field === undefined
    ? "The turn is not as the contract asks."
    : `The field ${field} is not as the contract asks.`;
}

function objectIn(json: JsonValue): JsonObject {
  return isObject(json) ? json : {};
}
