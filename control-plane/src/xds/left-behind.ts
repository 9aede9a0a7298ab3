// What each node held when its stream ended, of the types that it was told whole.
//
// A node says only the version of what it holds when it comes back. With what
// that was, a cluster that is gone meanwhile can stay until its routes have moved.

import type { Node } from "./request.ts";
import type { Left, StreamState } from "./stream.ts";

/** How many nodes are remembered; the one that left longest ago is forgotten first. */
const mostNodes = 10_000;

/** What nodes held when they left. */
export interface LeftBehind {
  of(node: Node | undefined): Left;
  /** Notes what the node of a stream holds that ends. */
  note(state: StreamState): void;
}

/** An empty memory. */
export function createLeftBehind(): LeftBehind {
  const byNode = new Map<string, Left>();
  return {
    of: (node) => (node && byNode.get(node.id)) ?? {},
    note: ({ node, types, left }) => {
      if (node === undefined || types.cluster.variant === "delta") return;
      const { cluster, listener } = types;
      byNode.delete(node.id);
      byNode.set(node.id, {
        cluster: cluster.base === "unknown" ? left.cluster : cluster.base,
        listener: listener.base === "unknown" ? left.listener : listener.base,
      });
      for (const oldest of byNode.keys()) {
        if (byNode.size <= mostNodes) break;
        byNode.delete(oldest);
      }
    },
  };
}
