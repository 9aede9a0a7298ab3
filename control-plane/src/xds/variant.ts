// The two variants of the protocol, and all that differs between them for a type.
//
// https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol#variants-of-the-xds-transport-protocol

import type { ResourceType } from "../snapshot/snapshot.ts";
import { neverRemoved, watchedWhole } from "./order.ts";

/** `delta` tells what has changed; `sotw` (state of the world) tells some types whole each time. */
export type Variant = "delta" | "sotw";

/** What a stream speaks, and of which type. */
export interface Spoken {
  readonly variant: Variant;
  readonly type: ResourceType;
}

/**
 * Whether each response holds everything of the type that the client is to have,
 * so that what is left out is taken away: clusters and listeners in `sotw`.
 */
export function toldWhole({ variant, type }: Spoken): boolean {
  return variant === "sotw" && watchedWhole.has(type);
}

/** Whether a response can say that something is gone. In `sotw` only one that is whole can. */
export function saysRemovals(spoken: Spoken): boolean {
  return !neverRemoved.has(spoken.type) && (spoken.variant === "delta" || toldWhole(spoken));
}
