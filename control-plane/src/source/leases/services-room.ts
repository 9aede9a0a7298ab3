// How much all agents together may serve beside the contract: it is held in memory, and told to gateways.

import type { OwnServices } from "../own-services/index.ts";
import type { Registration } from "./attach-lease.ts";
import { keyOf, type Leases, type Refusal } from "./lease.ts";
import type { ServicesByAgent } from "./services-of.ts";

/** The most bytes of different descriptors, as they were brought and as gateways are given them. */
export const mostServicesBytes = 64 * 1024 * 1024;

/**
 * Why there is no room for what an instance brings, if there is none. The same of many
 * instances counts once.
 *
 * @param served what agents serve, those too that have no instance any more
 */
export function noRoomFor(
  { agent, instance, services }: Registration,
  leases: Leases,
  served: ServicesByAgent,
  most: number,
): Refusal | undefined {
  if (services === undefined) return undefined;
  const key = keyOf(agent, instance);
  const all = new Set<OwnServices>(served.values());
  for (const [each, lease] of leases) {
    if (each !== key && lease.services !== undefined) all.add(lease.services);
  }
  if (all.has(services)) return undefined;
  const held = [...all].reduce((sum, each) => sum + sizeOf(each), 0);
  const needed = sizeOf(services);
  if (held + needed <= most) return undefined;
  const message = `The descriptors of ${agent} need ${needed} bytes, and those of the mesh have ${held} of ${most} already: leave out what no method needs, or give instances of one agent the same ones.`;
  return { code: "RESOURCE_EXHAUSTED", message };
}

function sizeOf({ descriptors, translated }: OwnServices): number {
  return descriptors.length + translated.length;
}
