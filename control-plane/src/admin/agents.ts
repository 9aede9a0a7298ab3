// The agents of the mesh and their instances, as an operator reads them.

import type { Mesh } from "../model/mesh.ts";
import type { InstanceAddress } from "../source/instance.ts";

/** One agent. Ready to be written as JSON. */
export interface AgentRow {
  readonly agent: string;
  readonly instances: readonly InstanceRow[];
}

/** One running copy of an agent. */
export interface InstanceRow {
  readonly id: string;
  /** `host:port`, or `unix:` and a path. */
  readonly address: string;
  readonly healthy: boolean;
  readonly zone: string;
  readonly version: string;
}

/** Every agent of a mesh, in the mesh's order. */
export function agentRows(mesh: Mesh): readonly AgentRow[] {
  return mesh.agents.map(({ name, instances }) => ({
    agent: name,
    instances: instances.map(({ id, address, healthy, zone, version }) => ({
      id,
      address: written(address),
      healthy,
      zone,
      version,
    })),
  }));
}

function written(address: InstanceAddress): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
