// All that the sidecars of one agent are given to call hosts outside the mesh with.

import type { Egress } from "../../model/egress.ts";
import type { Mesh } from "../../model/mesh.ts";
import type { Translation } from "../translate.ts";
import { egressClusters } from "./egress-cluster.ts";
import { egressListener } from "./egress-listener.ts";
import { egressRoutes } from "./egress-routes.ts";
import { egressSecrets } from "./egress-secret.ts";

/**
 * The listener and its routes, and of each egress that the agent may call, and of no other,
 * the cluster and the key.
 */
export function egressOf(
  mesh: Pick<Mesh, "egress" | "gateway">,
  agent: string,
): Pick<Translation, "cluster" | "listener" | "route" | "secret"> {
  const all = mesh.egress ?? [];
  const its = all.filter((egress) => mayCall(egress, agent));
  const others = all.filter((egress) => !mayCall(egress, agent));
  return {
    cluster: egressClusters(its),
    listener: [listenerOf(mesh)],
    route: [egressRoutes(agent, its, others)],
    secret: egressSecrets(its),
  };
}

function mayCall({ agents }: Egress, agent: string): boolean {
  return agents === undefined || agents.includes(agent);
}

/** The same for all agents of a mesh, of which there may be thousands. */
function listenerOf(mesh: Pick<Mesh, "gateway">): ReturnType<typeof egressListener> {
  const made = listeners.get(mesh.gateway) ?? egressListener(mesh);
  listeners.set(mesh.gateway, made);
  return made;
}

const listeners = new WeakMap<Mesh["gateway"], ReturnType<typeof egressListener>>();
