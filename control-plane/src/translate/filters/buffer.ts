// How large a request may be: of a REST call, which is translated only once it is whole.

import {
  BufferPerRouteSchema,
  BufferSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/buffer/v3/buffer_pb.js";
import { any } from "../message.ts";

/** The largest body of a REST call, in bytes; grpc-js takes no larger message by default. */
export const maxBodyBytes = 4 * 1024 * 1024;

/** In the listener: refuses a larger body with 413. */
export const buffer = any(BufferSchema, { maxRequestBytes: maxBodyBytes });

/** On a route whose requests are not translated: a gRPC stream must not wait for its end. */
export const bufferOff = any(BufferPerRouteSchema, {
  override: { case: "disabled", value: true },
});
