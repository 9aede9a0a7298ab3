// A snapshot, with what the protocol needs to know about it worked out once.

import { createHash } from "node:crypto";
import { emptySnapshot, resourceTypes } from "./compare.ts";
import { referencesOf } from "./references.ts";
import type { References, Resource, ResourceType, Snapshot } from "./snapshot.ts";

/** What a node is to hold at one moment. */
export interface View {
  readonly snapshot: Snapshot;
  /** What each resource names of others; one that is not a key names nothing. */
  readonly references: ReadonlyMap<Resource, References>;
  /** One version for all resources of a type: SHA-256, in hex, of their names and versions. */
  readonly versions: Readonly<Record<ResourceType, string>>;
}

/**
 * The view of a snapshot. Resources that are the same as in the view before keep
 * their identity, so nothing is read twice and old bytes are not kept beside
 * equal new ones.
 */
export function viewOf(
  snapshot: Snapshot,
  before: View | undefined,
  read: (type: ResourceType, resource: Resource) => References = referencesOf,
): View {
  const references = new Map<Resource, References>();
  const shared = shareWith(before?.snapshot ?? emptySnapshot, snapshot);
  for (const type of resourceTypes) {
    for (const resource of shared[type].values()) {
      const known = before?.references.get(resource) ?? resource.references;
      references.set(resource, known ?? (mayName.has(type) ? read(type, resource) : {}));
    }
  }
  return { snapshot: shared, references, versions: versionsOf(shared) };
}

// Endpoints and secrets name no other resource, and are the ones that change most.
const mayName: ReadonlySet<ResourceType> = new Set(["cluster", "listener", "route", "extension"]);

function shareWith(before: Snapshot, after: Snapshot): Snapshot {
  const share = (type: ResourceType): ReadonlyMap<string, Resource> => {
    const resources = [...after[type].values()].map((resource) => {
      const old = before[type].get(resource.name);
      return old?.version === resource.version ? old : resource;
    });
    return new Map(resources.map((resource) => [resource.name, resource]));
  };
  return {
    cluster: share("cluster"),
    endpoint: share("endpoint"),
    listener: share("listener"),
    route: share("route"),
    secret: share("secret"),
    extension: share("extension"),
    ...(after.sidecars && { sidecars: after.sidecars }),
  };
}

/** One version for all resources of a type. */
export function versionOf(resources: ReadonlyMap<string, Resource>): string {
  const hash = createHash("sha256");
  const lines = [...resources.values()].map(({ name, version }) => `${name}\n${version}\n`);
  for (const line of lines.sort()) hash.update(line);
  return hash.digest("hex");
}

function versionsOf(snapshot: Snapshot): Readonly<Record<ResourceType, string>> {
  const version = (type: ResourceType): string => versionOf(snapshot[type]);
  return {
    cluster: version("cluster"),
    endpoint: version("endpoint"),
    listener: version("listener"),
    route: version("route"),
    secret: version("secret"),
    extension: version("extension"),
  };
}
