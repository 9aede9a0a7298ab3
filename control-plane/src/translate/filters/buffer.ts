// How large a request may be: of a REST call, which is translated only once it is whole.

import {
  BufferPerRouteSchema,
  BufferSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/buffer/v3/buffer_pb.js";
import { any } from "../message.ts";

/** The largest body of a REST call, in bytes; grpc-js takes no larger message by default. */
export const maxBodyBytes = 4 * 1024 * 1024;

/** In the listener, where it is switched off: gRPC streams must not wait for their end. */
export const buffer = any(BufferSchema, { maxRequestBytes: maxBodyBytes });

/** On a REST route: refuses a larger body with 413. */
export const bufferPerRoute = any(BufferPerRouteSchema, {
  override: { case: "buffer", value: { maxRequestBytes: maxBodyBytes } },
});
