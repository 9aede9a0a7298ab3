// Which other resources a resource names, wherever in it a name can stand.

import { fromBinary, isMessage } from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { registry } from "@smartcall/envoy/api/registry.js";
import { type Resource, type ResourceType, typeUrls } from "./snapshot.ts";

/** The names of other resources by their type; each name once, sorted. */
export type References = Readonly<Partial<Record<ResourceType, readonly string[]>>>;

/**
 * What a resource names.
 *
 * Reads every field of the message, and of what is packed inside it, so a name
 * cannot be missed because of where it stands. What cannot be read names
 * nothing; Envoy is the one to refuse it.
 */
export function referencesOf(type: ResourceType, resource: Resource): References {
  const root = decode(typeUrls[type], resource.body);
  const found: Partial<Record<ResourceType, readonly string[]>> = {};
  for (const { to, name } of root === undefined ? [] : mentions(root)) {
    found[to] = [...new Set([...(found[to] ?? []), name])].sort();
  }
  return found;
}

interface Mention {
  readonly to: ResourceType;
  readonly name: string;
}

const hcm = "envoy.extensions.filters.network.http_connection_manager.v3";
const tcpProxy = "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";

// Fields whose text is another resource's name.
const nameFields: ReadonlyMap<string, ResourceType> = new Map([
  ["envoy.config.route.v3.RouteAction.cluster", "cluster"],
  ["envoy.config.route.v3.WeightedCluster.ClusterWeight.name", "cluster"],
  ["envoy.config.route.v3.RouteAction.RequestMirrorPolicy.cluster", "cluster"],
  ["envoy.config.core.v3.GrpcService.EnvoyGrpc.cluster_name", "cluster"],
  ["envoy.config.core.v3.HttpUri.cluster", "cluster"],
  ["envoy.extensions.clusters.composite.v3.ClusterConfig.ClusterEntry.name", "cluster"],
  [`${tcpProxy}.cluster`, "cluster"],
  [`${tcpProxy}.WeightedCluster.ClusterWeight.name`, "cluster"],
  [`${hcm}.Rds.route_config_name`, "route"],
]);

// Fields that make their message's own name, or their own field, another resource's name.
const named: ReadonlyMap<string, { readonly to: ResourceType; readonly own?: string }> = new Map([
  [`${hcm}.HttpFilter.config_discovery`, { to: "extension" }],
  ["envoy.config.listener.v3.Filter.config_discovery", { to: "extension" }],
  ["envoy.config.listener.v3.ListenerFilter.config_discovery", { to: "extension" }],
  ["envoy.config.cluster.v3.Cluster.eds_cluster_config", { to: "endpoint", own: "service_name" }],
  ["envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig.sds_config", { to: "secret" }],
]);

function* mentions(message: ReflectMessage): Generator<Mention> {
  if (isMessage(message.message, AnySchema)) {
    const inner = decode(message.message.typeUrl, message.message.value);
    if (inner !== undefined) yield* mentions(inner);
    return;
  }
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    const path = `${message.desc.typeName}.${field.name}`;
    const value: unknown = message.get(field);
    const to = nameFields.get(path);
    if (to !== undefined) yield* mention(to, value);
    const rule = named.get(path);
    if (rule !== undefined) {
      const own = isReflectMessage(value) && rule.own ? text(value, rule.own) : "";
      yield* mention(rule.to, own === "" ? text(message, "name") : own);
    }
    for (const inner of messagesIn(field.fieldKind, value)) yield* mentions(inner);
  }
}

function* mention(to: ResourceType, name: unknown): Generator<Mention> {
  if (typeof name === "string" && name !== "") yield { to, name };
}

function text(message: ReflectMessage, fieldName: string): unknown {
  const field = message.fields.find(({ name }) => name === fieldName);
  return field === undefined ? "" : message.get(field);
}

function messagesIn(kind: string, value: unknown): readonly ReflectMessage[] {
  if (isReflectMessage(value)) return [value];
  if (kind === "list" && isIterable(value))
    return [...value].filter((item) => isReflectMessage(item));
  if (kind === "map" && value instanceof Object && "values" in value) {
    const { values } = value;
    if (typeof values !== "function") return [];
    const items: unknown = values.call(value);
    return isIterable(items) ? [...items].filter((item) => isReflectMessage(item)) : [];
  }
  return [];
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function decode(typeUrl: string, body: Uint8Array): ReflectMessage | undefined {
  const schema = registry.getMessage(typeUrl.slice(typeUrl.lastIndexOf("/") + 1));
  if (schema === undefined) return undefined;
  try {
    return reflect(schema, fromBinary(schema, body));
  } catch {
    return undefined;
  }
}
