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
const bytesOf = new WeakMap<readonly ResourceMessage[], Uint8Array>();

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

/** The bytes of a response; those of its resources are kept for as long as their list is. */
export function serialiseDelta(response: DeltaDiscoveryResponse): Buffer {
  const { resources } = response;
  const known = bytesOf.get(resources) ?? bytesOfResources(resources);
  bytesOf.set(resources, known);
  const rest = encode(DeltaDiscoveryResponseSchema, { ...response, resources: [] });
  // The fields of a message may come in any order.
  return Buffer.concat([known, rest]);
}

function bytesOfResources(resources: ResourceMessage[]): Uint8Array {
  const message = create(DeltaDiscoveryResponseSchema);
  message.resources = resources;
  return encode(DeltaDiscoveryResponseSchema, message);
}

function isSame(some: readonly Resource[], others: readonly Resource[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}
