// One simulated gateway: asks for all that a real one asks for, holds it by version, ACKs it.
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
  /** Reads nothing, and lets its peer send 64 KiB unread. */
  readonly stalled?: boolean;
  /** Told of every response, after it was ACKed. */
  readonly told?: (type: ResourceType, response: ReadResponse) => void;
  /** The connection is over, or was refused. */
  readonly ended?: () => void;
}

/** One that is connected, or on its way. */
export interface SimulatedNode {
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
  const { id, port, joinToken, stalled = false, told, ended } = options;
  const session: ClientHttp2Session = connect(`http://127.0.0.1:${port}`, {
    settings: stalled ? {} : { initialWindowSize: streamWindow, enablePush: false },
  });
  const held = new Map<ResourceType, Map<string, string>>();
  const named = new Map<ResourceType, Set<string>>();
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
    const node = identified ? {} : { node: { id, cluster: "gateway" } };
    identified = true;
    const request = create(DeltaDiscoveryRequestSchema, {
      ...node,
      typeUrl: typeUrls[type],
      ...rest,
    });
    stream.write(grpcFrame(toBinary(DeltaDiscoveryRequestSchema, request)));
  };
  const take = (response: ReadResponse): void => {
    const type = typeOf(response.typeUrl);
    if (type === undefined) throw new Error(`a response of type ${response.typeUrl}`);
    answered.add(type);
    const versions = held.get(type) ?? new Map<string, string>();
    held.set(type, versions);
    const asks = new Map<ResourceType, string[]>();
    for (const resource of response.resources) {
      versions.set(resource.name, resource.version);
      for (const [to, names] of namedBy(type, resource)) {
        const known = named.get(to) ?? new Set();
        named.set(to, known);
        const news = names.filter((name) => !known.has(name));
        if (news.length === 0) continue;
        for (const name of news) known.add(name);
        asks.set(to, [...(asks.get(to) ?? []), ...news]);
      }
    }
    for (const name of response.removed) versions.delete(name);
    say(type, { responseNonce: response.nonce });
    for (const [to, names] of asks) say(to, { resourceNamesSubscribe: names });
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
  return {
    served: () =>
      answered.has("cluster") &&
      (held.get("listener")?.size ?? 0) > 0 &&
      [...named].every(([type, names]) => [...names].every((name) => held.get(type)?.has(name))),
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

/** What resources name that a node must ask for by name, by what they are; read once of each version. */
const read = new Map<string, ReadonlyMap<ResourceType, readonly string[]>>();

function namedBy(
  type: ResourceType,
  resource: ReadResource,
): ReadonlyMap<ResourceType, readonly string[]> {
  if (type === "endpoint" || type === "secret") return none;
  const known = read.get(resource.version);
  if (known !== undefined) return known;
  const references = referencesOf(type, resource);
  const found = new Map(
    resourceTypes.flatMap((to) => {
      const names = references[to];
      // It watches all clusters and listeners.
      return names === undefined || to === "cluster" || to === "listener" ? [] : [[to, names]];
    }),
  );
  read.set(resource.version, found);
  return found;
}

const none: ReadonlyMap<ResourceType, readonly string[]> = new Map();
