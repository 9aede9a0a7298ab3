// One simulated gateway or sidecar: asks for all that a real one asks for, holds it by name and version, ACKs it.
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type ResourceType,
  referencesOf,
  resourceTypes,
  typeOf,
  typeUrls,
} from "@smartcall/control-plane/dist/snapshot/index.js";
import { DeltaDiscoveryRequestSchema } from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { grpcFrame } from "./grpc-frame.ts";
import { type ReadResource, type ReadResponse, readResponse } from "./xds-response.ts";

/** How a node reaches the control plane. */
export interface NodeOptions {
  readonly id: string;
  readonly port: number;
  readonly joinToken: string;
  /** Of a sidecar: its agent, and where it says that it takes calls. Default: a gateway. */
  readonly sidecar?: { readonly agent: string; readonly inboundPort: number };
  /** Reads nothing, and lets its peer send 64 KiB unread. */
  readonly stalled?: boolean;
  /** What it held when its last stream ended, which it says when it comes back. Default: nothing. */
  readonly holds?: Holdings;
  /** Told of every response, after it was ACKed. */
  readonly told?: (type: ResourceType, response: ReadResponse) => void;
  /** The connection is over, or was refused. */
  readonly ended?: () => void;
}

/** What a node holds of each type, by name. */
export type Holdings = ReadonlyMap<ResourceType, ReadonlyMap<string, HeldResource>>;

/** A resource that a node holds; the same for all nodes that were told the same. */
export interface HeldResource {
  readonly version: string;
  readonly leadsTo: ReadonlyMap<ResourceType, readonly string[]>;
}

/** One that is connected, or on its way. */
export interface SimulatedNode {
  holds(): Holdings;
  /** Whether it holds all that what it holds names, as a gateway that takes calls does. */
  served(): boolean;
  close(): void;
}

/** What Envoy lets its peer send unread, in bytes. */
const streamWindow = 16 * 1024 * 1024;
const connectionWindow = 24 * 1024 * 1024;

const path = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

/** Connects one. */
export function openNode(options: NodeOptions): SimulatedNode {
  const { id, port, joinToken, sidecar, stalled = false, told, ended } = options;
  const kind =
    sidecar === undefined
      ? { cluster: "gateway" }
      : { cluster: `agent/${sidecar.agent}`, metadata: { inbound_port: sidecar.inboundPort } };
  const session: ClientHttp2Session = connect(`http://127.0.0.1:${port}`, {
    settings: stalled ? {} : { initialWindowSize: streamWindow, enablePush: false },
  });
  const held = new Map(resourceTypes.map((type) => [type, new Map(options.holds?.get(type))]));
  const asked = new Map(resourceTypes.map((type) => [type, new Set<string>()]));
  const spoken = new Set<ResourceType>();
  const answered = new Set<ResourceType>();
  let over = false;
  let identified = false;
  const stream: ClientHttp2Stream = session.request({
    ":method": "POST",
    ":path": path,
    te: "trailers",
    "content-type": "application/grpc",
    authorization: `Bearer ${joinToken}`,
  });
  const finish = (): void => {
    if (over) return;
    over = true;
    session.destroy();
    ended?.();
  };
  const say = (
    type: ResourceType,
    rest: Omit<MessageInitShape<typeof DeltaDiscoveryRequestSchema>, "$typeName">,
  ): void => {
    if (over || stream.destroyed) return;
    const node = identified ? {} : { node: { id, ...kind } };
    identified = true;
    const request = create(DeltaDiscoveryRequestSchema, {
      ...node,
      typeUrl: typeUrls[type],
      // As Envoy, with the first request of a type on a stream.
      ...(!spoken.has(type) && { initialResourceVersions: versionsOf(held.get(type)) }),
      ...rest,
    });
    spoken.add(type);
    stream.write(grpcFrame(toBinary(DeltaDiscoveryRequestSchema, request)));
  };
  const ask = (): void => {
    for (const [to, wanted] of wantedBy(held)) {
      const before = asked.get(to) ?? new Set();
      const more = [...wanted].filter((name) => !before.has(name));
      const less = [...before].filter((name) => !wanted.has(name));
      if (more.length === 0 && less.length === 0) continue;
      say(to, { resourceNamesSubscribe: more, resourceNamesUnsubscribe: less });
      asked.set(to, wanted);
      for (const name of less) held.get(to)?.delete(name);
    }
  };
  const take = (response: ReadResponse): void => {
    const type = typeOf(response.typeUrl);
    if (type === undefined) throw new Error(`a response of type ${response.typeUrl}`);
    answered.add(type);
    const own = held.get(type);
    for (const [name, resource] of heldOf(type, response.resources)) {
      // Given up while it was on its way.
      if (watchedWhole.has(type) || asked.get(type)?.has(name)) own?.set(name, resource);
    }
    for (const name of response.removed) own?.delete(name);
    say(type, { responseNonce: response.nonce });
    if (leads.has(type)) ask();
    told?.(type, response);
  };
  if (!stalled) session.on("connect", () => session.setLocalWindowSize(connectionWindow));
  session.on("error", finish);
  session.on("close", finish);
  stream.on("error", finish);
  stream.on("end", finish);
  stream.on("close", finish);
  const reader = frameReader((message) => take(readResponse(message)));
  if (stalled) stream.pause();
  else stream.on("data", reader);
  say("cluster", {});
  say("listener", {});
  // One that comes back asks for all that it did before.
  if (options.holds !== undefined) ask();
  return {
    holds: () => held,
    served: () =>
      [...watchedWhole].every((type) => answered.has(type) || (held.get(type)?.size ?? 0) > 0) &&
      [...asked].every(
        ([type, names]) =>
          (names.size === 0 || answered.has(type)) &&
          [...names].every((name) => held.get(type)?.has(name)),
      ),
    close() {
      over = true;
      session.destroy();
    },
  };
}

/** Gathers gRPC messages from chunks; a large one is put together once. */
function frameReader(take: (message: Uint8Array) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  let needed = 5;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    while (size >= needed) {
      const all = chunks.length === 1 ? (chunks[0] ?? chunk) : Buffer.concat(chunks);
      needed = 5 + all.readUInt32BE(1);
      chunks = [all];
      if (size < needed) return;
      take(all.subarray(5, needed));
      const rest = all.subarray(needed);
      chunks = rest.length === 0 ? [] : [rest];
      size = rest.length;
      needed = 5;
    }
  };
}

/** Types that it watches whole; of the others it asks for what those name that it holds. */
const watchedWhole: ReadonlySet<ResourceType> = new Set(["cluster", "listener"]);
/** Types that name others. */
const leads: ReadonlySet<ResourceType> = new Set(["cluster", "listener", "route", "extension"]);

function versionsOf(held: ReadonlyMap<string, HeldResource> | undefined): Record<string, string> {
  return Object.fromEntries([...(held ?? [])].map(([name, { version }]) => [name, version]));
}

/** All that what it holds leads to, but for what it watches whole. */
function wantedBy(held: Holdings): ReadonlyMap<ResourceType, Set<string>> {
  const wanted = new Map<ResourceType, Set<string>>();
  for (const type of resourceTypes) if (!watchedWhole.has(type)) wanted.set(type, new Set());
  for (const type of leads) {
    for (const { leadsTo } of held.get(type)?.values() ?? []) {
      for (const [to, names] of leadsTo) for (const name of names) wanted.get(to)?.add(name);
    }
  }
  return wanted;
}

/** Worked out once of each list, as nodes are told the same. */
const known = new WeakMap<readonly ReadResource[], readonly (readonly [string, HeldResource])[]>();

function heldOf(
  type: ResourceType,
  resources: readonly ReadResource[],
): readonly (readonly [string, HeldResource])[] {
  const same = known.get(resources);
  if (same !== undefined) return same;
  const list = resources.map((resource) => {
    const references = leads.has(type) ? referencesOf(type, resource) : {};
    const leadsTo = new Map(
      resourceTypes.flatMap((to) => {
        const names = watchedWhole.has(to) ? undefined : references[to];
        return names === undefined ? [] : [[to, names] as const];
      }),
    );
    return [resource.name, { version: resource.version, leadsTo }] as const;
  });
  known.set(resources, list);
  return list;
}
