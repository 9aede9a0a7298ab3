// What a sidecar listens with. As little as possible is in them: a change of one cuts streams.

import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { AccessLog } from "@smartcall/envoy/api/envoy/config/accesslog/v3/accesslog_pb.js";
import type { TypedExtensionConfig } from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import {
  type Listener,
  ListenerSchema,
} from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { JwtAuthenticationSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/jwt_authn/v3/config_pb.js";
import { RBACSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/rbac/v3/rbac_pb.js";
import {
  HttpConnectionManager_CodecType,
  HttpConnectionManager_ServerHeaderTransformation,
  HttpConnectionManagerSchema,
  type HttpFilter,
  type LocalReplyConfig,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { DownstreamTlsContextSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import { failureLog } from "../access-log.ts";
import { type Described, madeOf } from "../described.ts";
import { addressOf } from "../endpoint.ts";
import { discovered, fixed } from "../filters/chain.ts";
import { luaOfCalls } from "../filters/lua.ts";
import { luaUsage } from "../filters/lua-usage.ts";
import { quotaClosed, quotaEnd, quotaOpen } from "../filters/quota.ts";
import { reservation } from "../filters/reservation.ts";
import { router } from "../filters/router.ts";
import { failed } from "../local-reply-filters.ts";
import { manyStreams } from "../many-streams.ts";
import { tlsParameters } from "../mesh-tls.ts";
import { any, fromControlPlane, milliseconds } from "../message.ts";
import { names } from "../names.ts";
import { remembered } from "../remembered.ts";
import { callsHeaders, inboundHeaders } from "./headers.ts";
import { callsReplies, inboundReplies } from "./local-replies.ts";
import { sidecarNames } from "./names.ts";

/** Where one sidecar takes calls to its agent. */
export interface InboundPlace {
  /** An address of its machine, or all of them. */
  readonly host: string;
  readonly port: number;
}

/** For gateways and other sidecars, which prove who they are. */
export function inboundListener(agent: string, place: InboundPlace): Described<Listener> {
  const name = sidecarNames.inbound;
  return madeOf({ name }, [agent, place], () =>
    create(ListenerSchema, {
      name,
      address: addressOf({ kind: "ip", ...place }),
      // Else two that were given one port would share its calls without a word.
      enableReusePort: false,
      perConnectionBufferLimitBytes: 1024 * 1024,
      filterChains: [
        {
          transportSocket: { name: "tls", configType: { case: "typedConfig", value: mutualTls } },
          transportSocketConnectTimeout: milliseconds(5_000),
          filters: [
            {
              name: "http",
              configType: {
                case: "typedConfig",
                value: ofInbound.of(agent, () => inboundManager(agent)),
              },
            },
          ],
        },
      ],
    }),
  );
}

/** By agent: the same at every place. */
const ofInbound = remembered<Any>(1_000);

function inboundManager(agent: string): Any {
  return connectionManager({
    name: sidecarNames.inbound,
    earlyHeaders: inboundHeaders,
    localReplyConfig: inboundReplies(agent),
    log: failureLog(
      `${agent} sidecar`,
      { from: "%DOWNSTREAM_PEER_URI_SAN%", to: agent },
      failed(true),
    ),
    filters: [discovered(sidecarNames.callers, RBACSchema.typeName), ...whoCalls],
  });
}

/** For the agent itself, as it calls other agents: nobody else can open the socket. */
export function callsListener(agent: string): Described<Listener> {
  const name = sidecarNames.calls;
  return madeOf({ name }, agent, () =>
    create(ListenerSchema, {
      name,
      address: {
        address: { case: "pipe", value: { path: callsSocket, mode: forItsOwner } },
      },
      perConnectionBufferLimitBytes: 1024 * 1024,
      filterChains: [
        {
          filters: [
            {
              name: "http",
              configType: {
                case: "typedConfig",
                value: connectionManager({
                  name,
                  earlyHeaders: callsHeaders,
                  localReplyConfig: callsReplies(agent),
                  log: failureLog(
                    `${agent} sidecar`,
                    { from: agent, to: `%REQ(${names.agentHeader})%` },
                    failed(),
                  ),
                  filters: [...whoCalls, ...whoPays],
                }),
              },
            },
          ],
        },
      ],
    }),
  );
}

const callsSocket = "calls.sock";
const forItsOwner = 0o600;

/** The first caller's token: the same filters as at the gateways. */
const whoCalls: readonly HttpFilter[] = [
  discovered(names.jwt, JwtAuthenticationSchema.typeName),
  discovered(names.denied, RBACSchema.typeName),
];

/**
 * The same as at the gateways too. They are in every sidecar, since a change of the listener
 * cuts streams, and do nothing but on routes with a budget.
 */
const whoPays: readonly HttpFilter[] = [
  fixed(names.reservation, reservation),
  fixed(names.quotaEnd, quotaEnd),
  fixed(names.quotaClosed, quotaClosed),
  fixed(names.quotaOpen, quotaOpen),
  fixed(names.lua, luaOfCalls),
  fixed(names.usage, luaUsage),
];

const mutualTls = any(DownstreamTlsContextSchema, {
  requireClientCertificate: true,
  commonTlsContext: {
    tlsParams: tlsParameters,
    alpnProtocols: ["h2"],
    tlsCertificateSdsSecretConfigs: [
      { name: names.meshCertificate, sdsConfig: fromControlPlane(0) },
    ],
    validationContextType: {
      case: "validationContextSdsSecretConfig",
      value: { name: names.meshAuthority, sdsConfig: fromControlPlane(0) },
    },
  },
  // A resumed session shows no certificate anew.
  sessionTicketKeysType: { case: "disableStatelessSessionResumption", value: true },
  disableStatefulSessionResumption: true,
});

interface Http {
  readonly name: string;
  readonly earlyHeaders: TypedExtensionConfig;
  readonly localReplyConfig: LocalReplyConfig;
  readonly log: AccessLog;
  readonly filters: readonly HttpFilter[];
}

function connectionManager({ earlyHeaders, filters, localReplyConfig, log, name }: Http): Any {
  return any(HttpConnectionManagerSchema, {
    statPrefix: name,
    codecType: HttpConnectionManager_CodecType.HTTP2,
    routeSpecifier: {
      case: "rds",
      value: { routeConfigName: name, configSource: fromControlPlane(0) },
    },
    httpFilters: [...filters, fixed(names.router, router)],
    accessLog: [log],
    localReplyConfig,
    earlyHeaderMutationExtensions: [earlyHeaders],
    serverHeaderTransformation: HttpConnectionManager_ServerHeaderTransformation.PASS_THROUGH,
    // One tree of calls has one id: the gateway gave it.
    preserveExternalRequestId: true,
    skipXffAppend: true,
    internalAddressConfig: {},
    normalizePath: true,
    requestHeadersTimeout: milliseconds(10_000),
    // How long a call may take and be silent, whoever makes it has a bound for.
    streamIdleTimeout: milliseconds(0),
    http2ProtocolOptions: {
      ...manyStreams,
      initialStreamWindowSize: 64 * 1024,
      initialConnectionWindowSize: 1024 * 1024,
      // Finds a caller whose machine went without a word.
      connectionKeepalive: { interval: milliseconds(30_000), timeout: milliseconds(10_000) },
    },
  });
}
