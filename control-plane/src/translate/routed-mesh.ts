// What a gateway's table of routes is made from: the mesh without what other resources alone say.

import type { Agent, Gateway, Mesh } from "../model/mesh.ts";

/** An agent but for its instances and how they are reached, which clusters and endpoints say. */
export type RoutedAgent = Omit<Agent, "instances" | "tls">;

/**
 * A mesh as its table of routes sees it. What is left out here may change without a new table, so
 * the compiler lets nothing of a table read it.
 */
export interface RoutedMesh
  extends Omit<Mesh, "agents" | "denied" | "gateway" | "quota" | "trust"> {
  readonly agents: readonly RoutedAgent[];
  readonly gateway: Omit<Gateway, "clientAuthorities" | "https">;
}

/** All that a table of routes may read, and no more, so that it can be compared. */
export function routedOf(mesh: Mesh): RoutedMesh {
  const { denied: _, quota: __, trust: ___, ...others } = mesh;
  const { clientAuthorities: ____, https: _____, ...gateway } = mesh.gateway;
  const agents = mesh.agents.map(({ instances: _, tls: __, ...agent }) => agent);
  return { ...others, agents, gateway };
}
