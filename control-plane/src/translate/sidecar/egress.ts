// All that the sidecars of one agent are given to call hosts outside the mesh with.

import type { Egress } from "../../model/egress.ts";
import type { Mesh } from "../../model/mesh.ts";
import type { Translation } from "../translate.ts";
import { egressClusters } from "./egress-cluster.ts";
import { egressRoutes } from "./egress-routes.ts";
import { egressSecrets } from "./egress-secret.ts";

/** The routes, and of each egress that the agent may call, and of no other, the cluster and the key. */
export function egressOf(
  mesh: Pick<Mesh, "egress">,
  agent: string,
): Pick<Translation, "cluster" | "route" | "secret"> {
  const all = mesh.egress ?? [];
  const its = all.filter((egress) => mayCall(egress, agent));
  const others = all.filter((egress) => !mayCall(egress, agent));
  return {
    cluster: egressClusters(its),
    route: [egressRoutes(agent, its, others)],
    secret: egressSecrets(its),
  };
}

function mayCall({ agents }: Egress, agent: string): boolean {
  return agents === undefined || agents.includes(agent);
}
