// Which web pages of other origins may call: none, unless the mesh names them.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  CorsPolicySchema,
  CorsSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/cors/v3/cors_pb.js";
import { any } from "../message.ts";
import { names } from "../names.ts";

/** In the listener: does nothing where the table of routes has no policy. */
export const cors = any(CorsSchema, {});

/**
 * On the table of routes: pages of exactly these origins may send tokens in headers
 * and read answers. The gateway answers their preflights itself, before it looks for a
 * token. Browsers send no cookies along, and the gateway reads none.
 *
 * @param origins as browsers send them
 */
export function corsOfTable(origins: readonly string[]): Any {
  return any(CorsPolicySchema, {
    allowOriginStringMatch: origins.map((value) => ({
      matchPattern: { case: "exact" as const, value },
    })),
    allowMethods: "GET, POST",
    allowHeaders: sent.join(", "),
    exposeHeaders: read.join(", "),
    maxAge: `${preflightSeconds}`,
    allowCredentials: false,
  });
}

/** What a page may send. */
const sent: readonly string[] = [
  "authorization",
  "content-type",
  names.apiKeyHeader,
  "x-request-timeout-ms",
  "traceparent",
  "tracestate",
];

/** What of an answer a page may read, besides its content. */
const read: readonly string[] = [
  "x-request-id",
  "retry-after",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  names.ruleHeader,
];

/** How long a browser need not ask again; the longest that Chromium takes. */
const preflightSeconds = 7_200;
