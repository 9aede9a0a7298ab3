// What many nodes are told at once, made and serialised once for all of them.

import { create } from "@bufbuild/protobuf";
import {
  type DeltaDiscoveryResponse,
  DeltaDiscoveryResponseSchema,
  type Resource as ResourceMessage,
  ResourceSchema,
} from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { type Resource, type ResourceType, typeUrls } from "../snapshot/snapshot.ts";
import { encode } from "../translate/wire/index.ts";

interface Shared {
  readonly resources: readonly Resource[];
  readonly messages: ResourceMessage[];
}

/** How many lists of each type are remembered: what is served, and what some nodes get ahead. */
const mostLists = 2;

const lists = new Map<ResourceType, readonly Shared[]>();
/** The bytes of a list of resources, with room behind them for what is each node's own. */
interface SharedBuffer {
  readonly bytes: Buffer;
  readonly length: number;
}

/** Type, nonce, version and who answers; only names of what is removed can need more. */
const roomForRest = 1024;

const buffers = new WeakMap<readonly ResourceMessage[], SharedBuffer>();

/** The resources as messages; the same list of the same resources is the same array. Do not change it. */
export function sharedMessages(
  type: ResourceType,
  resources: readonly Resource[],
): ResourceMessage[] {
  const known = lists.get(type) ?? [];
  const same = known.find((each) => isSame(each.resources, resources));
  if (same !== undefined) return same.messages;
  const typeUrl = typeUrls[type];
  const messages = resources.map(({ name, version, body }) =>
    create(ResourceSchema, { name, version, resource: { typeUrl, value: body } }),
  );
  lists.set(type, [{ resources, messages }, ...known].slice(0, mostLists));
  return messages;
}

/**
 * The bytes of a response; those of its resources are made once for as long as
 * their list is kept. Copy them before the next call: most responses share a buffer,
 * for a table of routes has megabytes, and a thousand nodes are told of it at once.
 */
export function serialiseDelta(response: DeltaDiscoveryResponse): Buffer {
  const { resources } = response;
  const shared = buffers.get(resources) ?? bufferFor(resources);
  buffers.set(resources, shared);
  const rest = encode(DeltaDiscoveryResponseSchema, { ...response, resources: [] });
  const { bytes, length } = shared;
  if (length + rest.length > bytes.length) return Buffer.concat([bytes.subarray(0, length), rest]);
  // The fields of a message may come in any order.
  bytes.set(rest, length);
  return bytes.subarray(0, length + rest.length);
}

function bufferFor(resources: ResourceMessage[]): SharedBuffer {
  const own = bytesOfResources(resources);
  const bytes = Buffer.alloc(own.length + roomForRest);
  bytes.set(own);
  return { bytes, length: own.length };
}

function bytesOfResources(resources: ResourceMessage[]): Uint8Array {
  const message = create(DeltaDiscoveryResponseSchema);
  message.resources = resources;
  return encode(DeltaDiscoveryResponseSchema, message);
}

function isSame(some: readonly Resource[], others: readonly Resource[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}
