// Nodes with the addresses that their connections come from.

import type { Node } from "./request.ts";

/** Gives each node with its peer: the same object for the same node, so that it can be known again. */
export function createPeers(): (node: Node, peer: string) => Node {
  const known = new WeakMap<Node, Node>();
  return (node, peer) => {
    const before = known.get(node);
    if (before?.peer === peer) return before;
    const made = { ...node, peer };
    known.set(node, made);
    return made;
  };
}
