// Which agent a node is the sidecar of.

import type { Node } from "./request.ts";

const kind = "agent/";

/** The agent's name; undefined for a node that is no sidecar. */
export function sidecarOf({ cluster }: Pick<Node, "cluster">): string | undefined {
  return cluster.startsWith(kind) ? cluster.slice(kind.length) : undefined;
}
