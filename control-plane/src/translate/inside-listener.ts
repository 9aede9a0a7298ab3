// Where the realtime service beside a gateway calls agents: by the same filters and routes as all.

import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { AccessLogFilterSchema } from "@smartcall/envoy/api/envoy/config/accesslog/v3/accesslog_pb.js";
import {
  type Listener,
  ListenerSchema,
} from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import {
  HttpConnectionManager_CodecType,
  type HttpConnectionManagerSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { CustomHeaderConfigSchema } from "@smartcall/envoy/api/envoy/extensions/http/original_ip_detection/custom_header/v3/custom_header_pb.js";
import { type Bounds, standardBounds } from "../model/bounds.ts";
import type { Mesh } from "../model/mesh.ts";
import { gatewayLog } from "./access-log.ts";
import { type Described, madeOf } from "./described.ts";
import { insideHeaders } from "./filters/headers.ts";
import { any, type PartsOf } from "./message.ts";
import { names } from "./names.ts";

const namesAgent = create(AccessLogFilterSchema, {
  filterSpecifier: {
    case: "headerFilter",
    value: {
      header: {
        name: names.agentHeader,
        headerMatchSpecifier: { case: "presentMatch", value: true },
      },
    },
  },
});

/** What only the realtime service meets, which says where its callers come from. */
export const inside: PartsOf<typeof HttpConnectionManagerSchema> = {
  statPrefix: names.inside,
  codecType: HttpConnectionManager_CodecType.HTTP2,
  // The realtime service asks after tokens by calls that name no agent: they are no calls.
  accessLog: [{ ...gatewayLog(names.inside), filter: namesAgent }],
  earlyHeaderMutationExtensions: [insideHeaders],
  originalIpDetectionExtensions: [
    {
      name: "address",
      typedConfig: any(CustomHeaderConfigSchema, { headerName: names.addressHeader }),
    },
  ],
};

/**
 * What a turn says has passed the bounds of the gateway with its WebSocket, and the realtime
 * service bounds itself; and what is always the same cuts no turn by a change.
 */
export const insideBounds: Bounds = {
  ...standardBounds,
  headersKiB: 1024,
  // All turns of a gateway come by one connection.
  streamsPerConnection: 1_000_000,
  // The realtime service bounds how many turns there are, by sockets and callers.
  calls: 1_000_000,
};

/**
 * A socket that nobody else can open, in the folder where the gateway's Envoy runs.
 *
 * @param connectionManager makes what listens there: always the same
 */
export function insideListener(
  { gateway }: Mesh,
  connectionManager: () => Any,
): Described<Listener> {
  const name = names.inside;
  return madeOf({ name, origin: gateway.origin }, "always the same", () =>
    create(ListenerSchema, {
      name,
      address: { address: { case: "pipe", value: { path: "inside.sock", mode: 0o600 } } },
      perConnectionBufferLimitBytes: 1024 * 1024,
      filterChains: [
        {
          filters: [
            { name: "http", configType: { case: "typedConfig", value: connectionManager() } },
          ],
        },
      ],
    }),
  );
}
