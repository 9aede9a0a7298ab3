// What each node may hold when it comes, of the types that it was told whole.
//
// A node says only the version of what it holds when it comes back. With what
// that was, a cluster that is gone meanwhile can stay until its routes have moved.

import type { View } from "../snapshot/view.ts";
import type { Node } from "./request.ts";
import type { Left, StreamState } from "./stream.ts";

/** How many nodes are remembered; the one that left longest ago is forgotten first. */
const mostNodes = 10_000;

/** What nodes held when they left. */
export interface LeftBehind {
  /** Of a node that was never here, what an earlier control plane is likely to have told it. */
  of(node: Node | undefined): Left;
  /** Notes what is served at first, which is what gateways took of an earlier control plane. */
  begin(view: View | undefined): void;
  /** Notes what the node of a stream holds that ends. */
  note(state: StreamState): void;
}

/** An empty memory. */
export function createLeftBehind(): LeftBehind {
  const byNode = new Map<string, Left>();
  let first: Left | undefined;
  return {
    of: (node) => (node && byNode.get(node.id)) ?? first ?? {},
    begin: (view) => {
      // Clusters are the same for all gateways, and nothing else of a view is worth its memory.
      first ??= view && {
        cluster: { version: view.versions.cluster, resources: view.snapshot.cluster },
      };
    },
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
