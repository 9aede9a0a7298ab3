// Which agents a mesh's files list, and which names their instances are behind.

import { isLocalName } from "../source/addresses/address.ts";
import type { Place } from "../source/addresses/index.ts";
import type { MeshConfig } from "./mesh-config.ts";

/** The agents that versions of a mesh list which are in use at once. */
export function agentsOf(versions: readonly MeshConfig[]): ReadonlySet<string> {
  return new Set(versions.flatMap((config) => [...config.agents.keys()]));
}

/** Where to look for instances behind names, by agent. */
export function placesOf(config: MeshConfig): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const [agent, { value }] of config.agents) {
    const { dns, sidecars, tls } = value.instances ?? {};
    if (dns === undefined) continue;
    const { host } = dns.value;
    const isPlain = isLocalName(host) && sidecars?.value !== true;
    const reach = tls !== undefined ? "authority" : isPlain ? "plain" : "sidecar";
    places.set(agent, { ...dns.value, reach });
  }
  return places;
}
