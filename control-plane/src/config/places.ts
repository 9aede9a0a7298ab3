// Which agents' instances a mesh's files say themselves, and which of them are behind names.

import type { Place } from "../source/addresses/index.ts";
import type { MeshConfig } from "./mesh-config.ts";

/** The agents of several versions of a mesh that are in use at once. */
export interface ListedAgents {
  readonly agents: ReadonlySet<string>;
  /** Those whose instances register themselves in none of the versions. */
  readonly placed: ReadonlySet<string>;
}

/** The agents that the versions list. */
export function agentsOf(versions: readonly MeshConfig[]): ListedAgents {
  const agents = new Set(versions.flatMap((config) => [...config.agents.keys()]));
  const registers = (agent: string): boolean =>
    versions.some((config) => {
      const listed = config.agents.get(agent);
      return listed !== undefined && listed.value.instances === undefined;
    });
  return { agents, placed: new Set([...agents].filter((agent) => !registers(agent))) };
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
