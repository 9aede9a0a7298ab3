// What the realtime service is told of a WebSocket that only the gateway knows.

import type { Any } from "@bufbuild/protobuf/wkt";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import { HeaderMutationSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/header_mutation/v3/header_mutation_pb.js";
import { any } from "../message.ts";
import { names } from "../names.ts";
import { ofTable } from "../route-metadata.ts";

/** The key of the table's metadata where the origins stand whose pages may open a WebSocket. */
export const originsKey = "origins";

/**
 * In the listener: the same for all routes.
 *
 * @param listener see `listenerMark`
 */
export function socketHeaders(listener: string): Any {
  return any(HeaderMutationSchema, {
    mutations: {
      requestMutations: [
        overwrite(names.originsHeader, ofTable(originsKey)),
        overwrite(names.peerHeader, "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"),
        overwrite(names.listenerHeader, listener),
      ],
    },
  });
}

function overwrite(key: string, value: string) {
  const appendAction = HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD;
  return { action: { case: "append" as const, value: { header: { key, value }, appendAction } } };
}
