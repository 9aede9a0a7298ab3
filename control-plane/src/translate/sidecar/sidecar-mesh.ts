// What is sidecars' own is made from: the mesh without what they share with gateways.

import type { Gateway, Mesh, Trust } from "../../model/mesh.ts";
import type { RoutedAgent } from "../routed-mesh.ts";

/**
 * A mesh as the resources of its sidecars see it. What is left out here may change without new
 * ones, so the compiler lets none of them read it.
 */
export interface SidecarMesh extends Pick<Mesh, "budgets" | "egress" | "name" | "routes"> {
  readonly agents: readonly RoutedAgent[];
  readonly gateway: Pick<Gateway, "bounds" | "origin">;
  readonly trust?: Pick<Trust, "domain"> | undefined;
}

/** All that they may read, and no more, so that it can be compared. */
export function sidecarMeshOf({ agents, gateway, trust, ...mesh }: Mesh): SidecarMesh {
  const { budgets, egress, name, routes } = mesh;
  return {
    ...{ budgets, egress, name, routes },
    agents: agents.map(({ instances: _, tls: __, ...agent }) => agent),
    gateway: { bounds: gateway.bounds, origin: gateway.origin },
    ...(trust && { trust: { domain: trust.domain } }),
  };
}
