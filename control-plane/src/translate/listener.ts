// What the gateway listens with. A change of it cuts streams, so it holds only
// what almost never changes: nothing about agents, routes or keys.

import { create } from "@bufbuild/protobuf";
import { HttpProtocolOptions_HeadersWithUnderscoresAction } from "@smartcall/envoy/api/envoy/config/core/v3/protocol_pb.js";
import {
  type Listener,
  ListenerSchema,
} from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { LocalRateLimitSchema } from "@smartcall/envoy/api/envoy/extensions/filters/listener/local_ratelimit/v3/local_ratelimit_pb.js";
import { ConnectionLimitSchema } from "@smartcall/envoy/api/envoy/extensions/filters/network/connection_limit/v3/connection_limit_pb.js";
import {
  HttpConnectionManager_PathWithEscapedSlashesAction,
  HttpConnectionManager_ServerHeaderTransformation,
  HttpConnectionManagerSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { TlsParameters_TlsProtocol } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/common_pb.js";
import { DownstreamTlsContextSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import type { Bounds } from "../model/bounds.ts";
import type { Mesh } from "../model/mesh.ts";
import { accessLog } from "./access-log.ts";
import { boundsOf, mostHeadersKiB } from "./bounds.ts";
import { type Described, madeOf } from "./described.ts";
import { mostHeaders } from "./filters/bounds.ts";
import { httpFilters, socketFilters } from "./filters/chain.ts";
import { clientHeaders } from "./filters/headers.ts";
import { inside, insideBounds, insideListener } from "./inside-listener.ts";
import { listenerMark } from "./listener-mark.ts";
import { localReplies } from "./local-replies.ts";
import { any, fromControlPlane, milliseconds, type PartsOf } from "./message.ts";
import { names } from "./names.ts";
import { remembered } from "./remembered.ts";

/** The listeners of a gateway, and what tells the one for callers from the one that follows it. */
export interface Listeners {
  /** For callers, and for the realtime service beside the gateway. */
  readonly all: readonly Described<Listener>[];
  /** See `listenerMark`. */
  readonly mark: string;
}

/** The listeners of a gateway. */
export function listeners(mesh: Mesh): Listeners {
  const { gateway } = mesh;
  const { address, port } = gateway.https;
  const content = [address, port, boundsOf(gateway)] as const;
  const mark = marks.of(JSON.stringify(content), () =>
    listenerMark((empty) => edgeListener(content, empty)),
  );
  const { origin } = gateway;
  return {
    all: [
      madeOf({ name: names.listener, origin }, content, () => edgeListener(content, mark)),
      insideListener(mesh, () => connectionManager(insideBounds, inside)),
    ],
    mark,
  };
}

/** To know one, its listener is made whole, which is a tenth of a small mesh. */
const marks = remembered<string>(10);

/** All that it is made of. */
type OfListener = readonly [address: string, port: number, bounds: Bounds];

function edgeListener([address, port, bounds]: OfListener, mark: string): Listener {
  return create(ListenerSchema, {
    name: names.listener,
    address: {
      address: {
        case: "socketAddress",
        value: { address, portSpecifier: { case: "portValue", value: port } },
      },
    },
    perConnectionBufferLimitBytes: 1024 * 1024,
    listenerFilters: [newConnections(bounds)],
    filterChains: [
      {
        transportSocket: {
          name: "tls",
          configType: { case: "typedConfig", value: tls },
        },
        // A client that connects and says nothing does not stay.
        transportSocketConnectTimeout: milliseconds(bounds.headersMs),
        filters: [
          connections(bounds),
          {
            name: "http",
            configType: {
              case: "typedConfig",
              value: connectionManager(bounds, edge(mark)),
            },
          },
        ],
      },
    ],
  });
}

const tls = any(DownstreamTlsContextSchema, {
  commonTlsContext: {
    tlsParams: { tlsMinimumProtocolVersion: TlsParameters_TlsProtocol.TLSv1_2 },
    alpnProtocols: ["h2", "http/1.1"],
    tlsCertificateSdsSecretConfigs: [{ name: names.certificate, sdsConfig: fromControlPlane(0) }],
    validationContextType: {
      case: "validationContextSdsSecretConfig",
      value: { name: names.clientAuthorities, sdsConfig: fromControlPlane(0) },
    },
  },
  // A resumed session shows no certificate anew: it would outlive an expired one, and
  // Envoy does not hold it for verified.
  sessionTicketKeysType: { case: "disableStatelessSessionResumption", value: true },
  disableStatefulSessionResumption: true,
});

/** A connection beyond is closed before a byte of it is read. */
function newConnections({ newConnectionsPerSecond: perSecond }: Bounds) {
  const value = any(LocalRateLimitSchema, {
    statPrefix: "edge",
    tokenBucket: {
      maxTokens: perSecond,
      tokensPerFill: perSecond,
      fillInterval: milliseconds(1_000),
    },
  });
  return { name: "new-connections", configType: { case: "typedConfig" as const, value } };
}

/** A connection beyond is closed before its handshake. */
function connections({ connections: most }: Bounds) {
  const value = any(ConnectionLimitSchema, { statPrefix: "edge", maxConnections: BigInt(most) });
  return { name: "connections", configType: { case: "typedConfig" as const, value } };
}

type ConnectionManager = PartsOf<typeof HttpConnectionManagerSchema>;

/** What only callers from outside meet. */
function edge(mark: string): ConnectionManager {
  return {
    statPrefix: "edge",
    accessLog: [accessLog],
    earlyHeaderMutationExtensions: [clientHeaders],
    // Whatever a client says about who it is and what its request's id is does not hold.
    useRemoteAddress: true,
    // For routes that say so; over HTTP/1.1 only.
    upgradeConfigs: [{ upgradeType: "websocket", enabled: false, filters: socketFilters(mark) }],
  };
}

function connectionManager(bounds: Bounds, door: ConnectionManager) {
  return any(HttpConnectionManagerSchema, {
    ...door,
    routeSpecifier: {
      case: "rds",
      value: { routeConfigName: names.routes, configSource: fromControlPlane(0) },
    },
    httpFilters: httpFilters(bounds),
    localReplyConfig: localReplies(),
    serverHeaderTransformation: HttpConnectionManager_ServerHeaderTransformation.PASS_THROUGH,
    internalAddressConfig: {},
    generateRequestId: true,
    alwaysSetRequestIdInResponse: true,
    normalizePath: true,
    mergeSlashes: true,
    // No path that we serve has one: it is an unknown path, and refused as such.
    pathWithEscapedSlashesAction: HttpConnectionManager_PathWithEscapedSlashesAction.KEEP_UNCHANGED,
    stripPortMode: { case: "stripAnyHostPort", value: true },
    maxRequestHeadersKb: mostHeadersKiB(bounds),
    requestHeadersTimeout: milliseconds(bounds.headersMs),
    // Until the last byte of the request, or the first of the answer.
    requestTimeout: milliseconds(bounds.requestMs),
    // For streams whose route does not say otherwise, such as one without a route.
    streamIdleTimeout: milliseconds(60_000),
    // How long a connection stays that Envoy ends, and so how late a stream that broke is seen
    // to be by HTTP/1.1; shorter, and a caller that still sends could miss why it was refused.
    delayedCloseTimeout: milliseconds(500),
    commonHttpProtocolOptions: {
      idleTimeout: milliseconds(bounds.idleMs),
      maxHeadersCount: 2 * mostHeaders,
      headersWithUnderscoresAction: HttpProtocolOptions_HeadersWithUnderscoresAction.ALLOW,
    },
    http2ProtocolOptions: {
      maxConcurrentStreams: bounds.streamsPerConnection,
      initialStreamWindowSize: 64 * 1024,
      initialConnectionWindowSize: 1024 * 1024,
      // Finds a client whose machine went without a word.
      connectionKeepalive: { interval: milliseconds(60_000), timeout: milliseconds(20_000) },
    },
  });
}
