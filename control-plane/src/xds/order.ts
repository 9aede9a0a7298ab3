// The order in which resources go out on one stream, and what a removal waits for.
//
// https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol#eventual-consistency-considerations
// "CDS updates (if any) must always be pushed before EDS updates", then LDS, then
// RDS; "stale CDS clusters and related EDS endpoints can then be removed".

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
  { type: "cluster", part: "changes", after: [] },
  { type: "endpoint", part: "changes", after: [] },
  // A listener's removal frees its port for the one that comes in its place.
  { type: "listener", part: "both", after: [] },
  { type: "route", part: "changes", after: [] },
  { type: "secret", part: "changes", after: [] },
  { type: "extension", part: "changes", after: [] },
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

/** Types that a node may watch whole; of any other it gets only what it names. */
export const watchedWhole: ReadonlySet<ResourceType> = new Set(["cluster", "listener"]);

/** Types whose resources are never taken away from a node. */
export const neverRemoved: ReadonlySet<ResourceType> = new Set(["extension"]);
