// How large a request may be: of a REST call, which is translated only once it is whole.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  BufferPerRouteSchema,
  BufferSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/buffer/v3/buffer_pb.js";
import { largestRequest } from "@smartcall/protos";
import type { Bounds } from "../../model/bounds.ts";
import { any } from "../message.ts";

/** In the listener: refuses with 413 what is larger than any gateway takes. */
export const buffer = any(BufferSchema, { maxRequestBytes: largestRequest });

/** On the table of routes: what is larger than this gateway takes. */
export function bufferOfTable({ bodyBytes }: Bounds): Any {
  const value = { maxRequestBytes: bodyBytes };
  return any(BufferPerRouteSchema, { override: { case: "buffer", value } });
}

/**
 * How much a filter may wait for before the buffer, and of a gRPC call whose request
 * is one message, the program that waits for that: the message has 5 bytes before it.
 */
export function mostBuffered({ bodyBytes }: Bounds): bigint {
  return BigInt(bodyBytes + 5);
}

/**
 * On a route whose requests are not translated: a gRPC stream must not wait for its
 * end. There the agent's kit refuses what is larger, message by message.
 */
export const bufferOff = any(BufferPerRouteSchema, {
  override: { case: "disabled", value: true },
});
