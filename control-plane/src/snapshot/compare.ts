// What differs between two snapshots, by type and name.

import { type ResourceType, type Snapshot, typeUrls } from "./snapshot.ts";

/** Names of one type that differ, in the snapshots' own order. */
export interface Difference {
  /** Those that the newer one adds, or holds at another version. */
  readonly changed: readonly string[];
  /** Those that the newer one lacks. */
  readonly removed: readonly string[];
}

/** What differs, for the types that differ at all. */
export type SnapshotDifference = Readonly<Partial<Record<ResourceType, Difference>>>;

/** Every type of resource, in the order of `typeUrls`. */
export const resourceTypes: readonly ResourceType[] = [
  "cluster",
  "endpoint",
  "listener",
  "route",
  "secret",
  "extension",
] satisfies (keyof typeof typeUrls)[];

/** A snapshot with nothing in it. */
export const emptySnapshot: Snapshot = {
  cluster: new Map(),
  endpoint: new Map(),
  listener: new Map(),
  route: new Map(),
  secret: new Map(),
  extension: new Map(),
};

/** What one must change in `before` to get `after`. */
export function compareSnapshots(before: Snapshot, after: Snapshot): SnapshotDifference {
  const differences: Partial<Record<ResourceType, Difference>> = {};
  for (const type of resourceTypes) {
    const changed = [...after[type].values()]
      .filter(({ name, version }) => before[type].get(name)?.version !== version)
      .map(({ name }) => name);
    const removed = [...before[type].keys()].filter((name) => !after[type].has(name));
    if (changed.length > 0 || removed.length > 0) differences[type] = { changed, removed };
  }
  return differences;
}

/** The type behind a type URL; undefined for one that we do not serve. */
export function typeOf(typeUrl: string): ResourceType | undefined {
  return resourceTypes.find((type) => typeUrls[type] === typeUrl);
}
