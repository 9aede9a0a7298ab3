// The order in which resources go out on one stream, and what a removal waits for.
//
// https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol#eventual-consistency-considerations
// "CDS updates (if any) must always be pushed before EDS updates", then LDS, then
// RDS; "stale CDS clusters and related EDS endpoints can then be removed".
//
// A change of a certificate or a filter that the node watches already goes before
// whatever is built with it: else a refused one would be found only when half of
// a change is in use, and a listener that goes back would be built with it.

import type { ResourceType } from "../snapshot/snapshot.ts";

/** One step of a push. */
export interface Step {
  readonly type: ResourceType;
  /** Adds and changes, or removals, or both in one response. */
  readonly part: "changes" | "removals" | "both";
  /**
   * Types that the node must hold exactly as the view has them, ACKed, before a
   * removal of this step: they may still name what it takes away.
   */
  readonly after: readonly ResourceType[];
}

/**
 * Every step of a push, in order. Extensions have no removals: a filter whose
 * configuration goes away answers 500 (envoyproxy/envoy#32823).
 */
export const pushOrder: readonly Step[] = [
  { type: "secret", part: "changes", after: [] },
  { type: "cluster", part: "changes", after: [] },
  { type: "endpoint", part: "changes", after: [] },
  { type: "extension", part: "changes", after: [] },
  // A listener's removal frees its port for the one that comes in its place.
  { type: "listener", part: "both", after: [] },
  { type: "route", part: "changes", after: [] },
  { type: "route", part: "removals", after: ["listener"] },
  { type: "cluster", part: "removals", after: ["listener", "route", "extension"] },
  { type: "endpoint", part: "removals", after: ["listener", "route", "extension", "cluster"] },
  { type: "secret", part: "removals", after: ["listener", "route", "extension", "cluster"] },
];

/** Types whose changes wait until the clusters that they name are ready on the node. */
export const waitsForClusters: ReadonlySet<ResourceType> = new Set([
  "listener",
  "route",
  "extension",
]);

/** Types of what a resource is built with, which waits until the node has taken their changes. */
export const builtWith: Readonly<Partial<Record<ResourceType, readonly ResourceType[]>>> = {
  cluster: ["secret"],
  listener: ["secret", "extension"],
};

/**
 * Types of which one resource goes out at a time. Envoy remembers what it read
 * last, even if it refused it, and takes the very same unread when it comes once
 * more: a bad one of several could not be found by sending each alone.
 */
export const oneByOne: ReadonlySet<ResourceType> = new Set(["secret"]);

/** Types that a node may watch whole; of any other it gets only what it names. */
export const watchedWhole: ReadonlySet<ResourceType> = new Set(["cluster", "listener"]);

/** Types whose resources are never taken away from a node. */
export const neverRemoved: ReadonlySet<ResourceType> = new Set(["extension"]);
