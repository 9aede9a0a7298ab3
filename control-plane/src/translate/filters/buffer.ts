// How large a request may be: of a REST call, which is translated only once it is whole.

import {
  BufferPerRouteSchema,
  BufferSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/buffer/v3/buffer_pb.js";
import { largestRequest } from "@smartcall/protos";
import { any } from "../message.ts";

/** In the listener: refuses a larger body with 413. */
export const buffer = any(BufferSchema, { maxRequestBytes: largestRequest });

/**
 * On a route whose requests are not translated: a gRPC stream must not wait for its
 * end. There the agent's kit refuses what is larger, message by message.
 */
export const bufferOff = any(BufferPerRouteSchema, {
  override: { case: "disabled", value: true },
});
