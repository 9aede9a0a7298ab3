// Sends the call to an instance.

import { RouterSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/router/v3/router_pb.js";
import { any } from "../message.ts";

/** The last filter; tells neither caller nor agent of Envoy's doings. */
export const router = any(RouterSchema, { suppressEnvoyHeaders: true });
