// How far a change of keys or revocations has come, once gateways had time to take it.

import type { Clock } from "@smartcall/runtime";
import type { Reached } from "../admin/index.ts";
import type { XdsServer } from "../xds/index.ts";
import type { Gateways } from "./gateways.ts";

/** What is looked at. */
export interface ReachOptions {
  readonly clock: Clock;
  readonly xds: Pick<XdsServer, "acked" | "progress">;
  readonly gateways: Pick<Gateways, "reached" | "returned" | "returning">;
  /** What is served at present. */
  readonly generation: () => number;
}

/** How long one who revokes something waits for gateways to know of it, in milliseconds. */
export const revokedMs = 2_000;

/**
 * Resolves once every gateway has what is served, or has had time to: those that are connected,
 * and of `all` those too that come back in this time.
 */
export async function reach(
  { clock, xds, gateways, generation }: ReachOptions,
  whom: "all" | "connected",
): Promise<Reached> {
  const asked = generation();
  const until = clock.now() + revokedMs;
  const leftMs = (): number => Math.max(0, until - clock.now());
  do {
    if (whom === "all") await gateways.returned(leftMs());
    await xds.acked(asked, leftMs());
    // One may have been lost meanwhile.
  } while (whom === "all" && leftMs() > 0 && gateways.returning());
  return gateways.reached(xds.progress(), asked);
}
