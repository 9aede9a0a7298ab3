// The gateway's listener with what it otherwise discovers inside it: routes and filters.

import { clone } from "@bufbuild/protobuf";
import { type Any, anyUnpack } from "@bufbuild/protobuf/wkt";
import {
  type Listener,
  ListenerSchema,
} from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { JwtAuthenticationSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/jwt_authn/v3/config_pb.js";
import {
  type HttpConnectionManager,
  HttpConnectionManagerSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { DownstreamTlsContextSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import type { Described, Translation } from "../translate/index.ts";
import { any } from "../translate/message.ts";
import { edgeVariables } from "./edge-variables.ts";

/** The listener as it is, with everything that it names put in its place. */
export function staticListener(of: Listener, translation: Translation): Listener {
  const listener = clone(ListenerSchema, of);
  for (const chain of listener.filterChains) {
    for (const filter of chain.filters) {
      if (filter.configType.case !== "typedConfig") continue;
      const manager = anyUnpack(filter.configType.value, HttpConnectionManagerSchema);
      if (manager === undefined) continue;
      putInPlace(manager, translation);
      filter.configType.value = any(HttpConnectionManagerSchema, manager);
    }
    const socket = chain.transportSocket?.configType;
    if (socket?.case !== "typedConfig") continue;
    const tls = anyUnpack(socket.value, DownstreamTlsContextSchema);
    if (tls === undefined) continue;
    const { tlsCertificateSdsSecretConfigs = [], validationContextType: believed } =
      tls.commonTlsContext ?? {};
    const others = believed?.case === "validationContextSdsSecretConfig" ? [believed.value] : [];
    for (const secret of [...tlsCertificateSdsSecretConfigs, ...others]) {
      // Without a source, Envoy looks among the static secrets.
      delete secret.sdsConfig;
    }
    socket.value = any(DownstreamTlsContextSchema, tls);
  }
  return listener;
}

function putInPlace(manager: HttpConnectionManager, { route, extension }: Translation): void {
  if (manager.routeSpecifier.case === "rds") {
    const value = named(route, manager.routeSpecifier.value.routeConfigName);
    manager.routeSpecifier = { case: "routeConfig", value };
  }
  const ofUpgrades = manager.upgradeConfigs.flatMap(({ filters }) => filters);
  for (const filter of [...manager.httpFilters, ...ofUpgrades]) {
    if (filter.configType.case !== "configDiscovery") continue;
    const { typedConfig } = named(extension, filter.name);
    if (typedConfig === undefined) throw new Error(`The filter ${filter.name} has no config.`);
    filter.configType = { case: "typedConfig", value: withKeysOutside(typedConfig) };
  }
}

/** The mesh's own keys are left out of an offline mesh; those of other issuers are in their files. */
function withKeysOutside(config: Any): Any {
  const jwt = anyUnpack(config, JwtAuthenticationSchema);
  if (jwt === undefined) return config;
  for (const provider of Object.values(jwt.providers)) {
    const source = provider.jwksSourceSpecifier;
    if (source.case === "localJwks" && source.value.specifier.value === "") {
      source.value.specifier = { case: "environmentVariable", value: edgeVariables.issuerKeys };
    }
  }
  return any(JwtAuthenticationSchema, jwt);
}

function named<Message>(among: readonly Described<Message>[], name: string): Message {
  const found = among.find((each) => each.name === name);
  if (found === undefined) throw new Error(`The translation has no ${name}.`);
  return found.message;
}
