// Which agents' instances a mesh's files say themselves, and which of them are behind names.

import type { Place } from "../source/addresses/index.ts";
import type { MeshConfig } from "./mesh-config.ts";

/** The agents whose instances do not register themselves. */
export function placedAgents(config: MeshConfig): ReadonlySet<string> {
  return new Set(
    [...config.agents].flatMap(([agent, { value }]) => (value.instances ? [agent] : [])),
  );
}

/** Where to look for instances behind names, by agent. */
export function placesOf(config: MeshConfig): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const [agent, { value }] of config.agents) {
    const { dns, tls } = value.instances ?? {};
    if (dns !== undefined) places.set(agent, { ...dns.value, plain: tls === undefined });
  }
  return places;
}
