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
  // What many nodes are told alike is kept once; a node has only which of it is its own.
  const held = new Map<ResourceType, Set<ReadonlySet<string>>>();
  const asked = new Map<ResourceType, ReadonlySet<string>[]>();
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
  const holds = (type: ResourceType, names: ReadonlySet<string>): boolean => {
    const sets = [...(held.get(type) ?? [])];
    if (sets.some((each) => isWithin(names, each))) return true;
    return [...names].every((name) => sets.some((each) => each.has(name)));
  };
  const take = (response: ReadResponse): void => {
    const type = typeOf(response.typeUrl);
    if (type === undefined) throw new Error(`a response of type ${response.typeUrl}`);
    answered.add(type);
    const { names, leadsTo } = contentOf(type, response.resources);
    const all = held.get(type) ?? new Set();
    held.set(type, all.add(names));
    say(type, { responseNonce: response.nonce });
    for (const [to, wanted] of leadsTo) {
      const before = asked.get(to) ?? [];
      if (before.some((each) => isWithin(wanted, each))) continue;
      asked.set(to, [...before, wanted]);
      say(to, { resourceNamesSubscribe: [...wanted] });
    }
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
      answered.has("listener") &&
      [...asked].every(
        ([type, sets]) => answered.has(type) && sets.every((names) => holds(type, names)),
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

/** What a list of resources has, and what a node asks for that has it. */
interface Content {
  readonly names: ReadonlySet<string>;
  readonly leadsTo: ReadonlyMap<ResourceType, ReadonlySet<string>>;
}

/** Worked out once of each list, as nodes are told the same. */
const contents = new WeakMap<readonly ReadResource[], Content>();

function contentOf(type: ResourceType, resources: readonly ReadResource[]): Content {
  const known = contents.get(resources);
  if (known !== undefined) return known;
  const leadsTo = new Map<ResourceType, Set<string>>();
  for (const resource of resources) {
    if (type === "endpoint" || type === "secret") break;
    const references = referencesOf(type, resource);
    for (const to of resourceTypes) {
      // It watches all clusters and listeners.
      if (to === "cluster" || to === "listener") continue;
      for (const name of references[to] ?? []) {
        leadsTo.set(to, (leadsTo.get(to) ?? new Set()).add(name));
      }
    }
  }
  const content = { names: new Set(resources.map(({ name }) => name)), leadsTo };
  contents.set(resources, content);
  return content;
}

/** Asked of the same two sets by every node. */
const within = new WeakMap<ReadonlySet<string>, WeakMap<ReadonlySet<string>, boolean>>();

function isWithin(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  const known = within.get(some) ?? new WeakMap<ReadonlySet<string>, boolean>();
  within.set(some, known);
  const is = known.get(others) ?? [...some].every((name) => others.has(name));
  known.set(others, is);
  return is;
}
