// Where in Envoy's messages the name of another resource can stand.

import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { registry } from "@smartcall/envoy/api/registry.js";
import type { ResourceType } from "./snapshot.ts";

/** How one type of message is read for names. Fields that lead to none are left out. */
export interface Reading {
  /** It holds a message of another type, as bytes. */
  readonly isAny: boolean;
  /** By number. */
  readonly fields: ReadonlyMap<number, NamingField>;
}

/** A field that is a name, or leads to one. */
export type NamingField =
  | {
      readonly kind: "text";
      /** The type of the resource that the text names. */
      readonly names?: ResourceType;
      /** The text is its message's own name. */
      readonly isOwnName: boolean;
    }
  | {
      readonly kind: "message";
      /** What is inside, where names can be in it. */
      readonly inner?: () => Reading;
      /** Where it is set, its message's own name, or the text of its field `by`, names this. */
      readonly makesNamed?: { readonly to: ResourceType; readonly by?: number };
    };

/** How a type is read; undefined where no name can be in it, or it is not known. */
export function readingOf(typeName: string): Reading | undefined {
  const desc = registry.getMessage(typeName);
  return desc !== undefined && leading().has(desc) ? readingFor(desc) : undefined;
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

let known: ReadonlySet<DescMessage> | undefined;

/** The types in which a name can be, however deep. */
function leading(): ReadonlySet<DescMessage> {
  if (known !== undefined) return known;
  const found = new Set<DescMessage>();
  const types = [...registry].filter((each) => each.kind === "message");
  let before = -1;
  // Until nothing is added: types hold each other in circles.
  while (found.size > before) {
    before = found.size;
    for (const type of types) {
      if (isAny(type) || type.fields.some((field) => isNaming(field) || leads(field, found))) {
        found.add(type);
      }
    }
  }
  known = found;
  return found;
}

function isNaming(field: DescField): boolean {
  return nameFields.has(pathOf(field)) || named.has(pathOf(field));
}

function leads(field: DescField, to: ReadonlySet<DescMessage>): boolean {
  const inner = innerOf(field);
  return inner !== undefined && (isAny(inner) || to.has(inner));
}

const readings = new Map<DescMessage, Reading>();

function readingFor(desc: DescMessage): Reading {
  const made = readings.get(desc);
  if (made !== undefined) return made;
  const hasNamed = desc.fields.some((field) => named.has(pathOf(field)));
  const fields = new Map<number, NamingField>();
  for (const field of desc.fields) {
    const naming = namingOf(field, hasNamed && field.name === "name");
    if (naming !== undefined) fields.set(field.number, naming);
  }
  const reading = { isAny: isAny(desc), fields };
  readings.set(desc, reading);
  return reading;
}

function namingOf(field: DescField, isOwnName: boolean): NamingField | undefined {
  const names = nameFields.get(pathOf(field));
  if (names !== undefined) return { kind: "text", names, isOwnName };
  if (isOwnName) return { kind: "text", isOwnName };
  const rule = named.get(pathOf(field));
  const inner = innerOf(field);
  if (inner === undefined) return undefined;
  const by = inner.fields.find(({ name }) => name === rule?.own)?.number;
  const makesNamed = rule && { to: rule.to, ...(by !== undefined && { by }) };
  if (!leads(field, leading())) return makesNamed && { kind: "message", makesNamed };
  const reading = field.fieldKind === "map" ? () => entryOf(inner) : () => readingFor(inner);
  return { kind: "message", inner: reading, ...(makesNamed && { makesNamed }) };
}

/** An entry of a map is a message, whose value has the number 2. */
function entryOf(value: DescMessage): Reading {
  const inner = (): Reading => readingFor(value);
  return { isAny: false, fields: new Map([[2, { kind: "message", inner }]]) };
}

function innerOf(field: DescField): DescMessage | undefined {
  if (field.fieldKind === "message") return field.message;
  if (field.fieldKind === "list" && field.listKind === "message") return field.message;
  return field.fieldKind === "map" && field.mapKind === "message" ? field.message : undefined;
}

function isAny(desc: DescMessage): boolean {
  return desc.typeName === AnySchema.typeName;
}

function pathOf(field: DescField): string {
  return `${field.parent.typeName}.${field.name}`;
}
