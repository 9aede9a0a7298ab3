// Where an agent's own programs call hosts outside the mesh: loopback, in the clear.

import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  type Listener,
  ListenerSchema,
} from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import {
  HttpConnectionManager_PathWithEscapedSlashesAction,
  HttpConnectionManager_ServerHeaderTransformation,
  HttpConnectionManagerSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { callLog } from "../access-log.ts";
import { type Described, madeOf } from "../described.ts";
import { addressOf } from "../endpoint.ts";
import { fixed } from "../filters/chain.ts";
import { router } from "../filters/router.ts";
import { any, fromControlPlane, milliseconds } from "../message.ts";
import { names } from "../names.ts";
import { remembered } from "../remembered.ts";
import { agentHeaders, hostHeaders, ofRequestId, requestId } from "./egress-headers.ts";
import { egressNames } from "./egress-names.ts";
import { egressReplies, ofEgress } from "./egress-replies.ts";
import type { SidecarMesh } from "./sidecar-mesh.ts";

/** The same for every agent, also where no host is named, so that what is named changes no listener. */
export function egressListener(
  { gateway }: Pick<SidecarMesh, "gateway">,
  port: number,
): Described<Listener> {
  const name = egressNames.listener;
  return madeOf({ name, origin: gateway.origin }, port, () =>
    create(ListenerSchema, {
      name,
      address: addressOf({ kind: "ip", host: "127.0.0.1", port }),
      // Else one that was given the same port would take some of the calls, with keys of its own.
      enableReusePort: false,
      perConnectionBufferLimitBytes: 1024 * 1024,
      filterChains: [
        {
          filters: [
            {
              name: "http",
              configType: { case: "typedConfig", value: connectionManager.of("", made) },
            },
          ],
        },
      ],
    }),
  );
}

/** The same at every port. */
const connectionManager = remembered<Any>();

function made(): Any {
  return any(HttpConnectionManagerSchema, {
    statPrefix: "egress",
    routeSpecifier: {
      case: "rds",
      value: { routeConfigName: egressNames.routes, configSource: fromControlPlane(0) },
    },
    httpFilters: [
      fixed("request-id", requestId),
      fixed("host-headers", hostHeaders),
      fixed(names.router, router),
    ],
    accessLog: [callLog("egress", { egress: ofEgress, requestId: ofRequestId })],
    localReplyConfig: egressReplies(),
    earlyHeaderMutationExtensions: [agentHeaders],
    serverHeaderTransformation: HttpConnectionManager_ServerHeaderTransformation.PASS_THROUGH,
    // A host is told nothing of where a call began.
    skipXffAppend: true,
    internalAddressConfig: {},
    schemeHeaderTransformation: { matchUpstream: true },
    generateRequestId: true,
    normalizePath: true,
    mergeSlashes: true,
    // Some hosts have them in names; no other host is ever reached by one.
    pathWithEscapedSlashesAction: HttpConnectionManager_PathWithEscapedSlashesAction.KEEP_UNCHANGED,
    stripPortMode: { case: "stripAnyHostPort", value: true },
    requestHeadersTimeout: milliseconds(10_000),
    // For calls that are refused; those that go out have a time of their own.
    streamIdleTimeout: milliseconds(60_000),
    commonHttpProtocolOptions: { idleTimeout: milliseconds(3_600_000) },
  });
}
