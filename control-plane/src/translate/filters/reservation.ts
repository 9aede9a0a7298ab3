// The id by which the quota service knows a call between agents.

import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  HeaderMutationPerRouteSchema,
  HeaderMutationSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/header_mutation/v3/header_mutation_pb.js";
import { any } from "../message.ts";
import { names } from "../names.ts";

/** In the listener: does nothing, but where a route says so. */
export const reservation = any(HeaderMutationSchema, {});

/**
 * On a route: each call has an id of its own, whatever its agent says. `x-request-id` is
 * no such id: a whole tree of calls has the same, and so has `%STREAM_ID%`. The header is
 * written once, before the quota service is asked, and stands there until the call has
 * ended: tries of one call have one id.
 */
export const reservationPerRoute = any(HeaderMutationPerRouteSchema, {
  mutations: {
    requestMutations: [
      {
        action: {
          case: "append",
          value: {
            header: { key: names.reservationHeader, value: "%UNIQUE_ID%" },
            appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
          },
        },
      },
    ],
  },
});
