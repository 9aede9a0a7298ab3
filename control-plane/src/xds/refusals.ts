// What each node has refused, remembered beyond its stream.

import type { ResourceType } from "../snapshot/snapshot.ts";
import type { Node } from "./request.ts";
import type { Refused } from "./stream.ts";

/** How many nodes are remembered; the one that refused longest ago is forgotten first. */
const mostNodes = 10_000;

/** What nodes have refused. */
export interface Refusals {
  /** What a node has refused; nothing for one with another version of Envoy, which may take it. */
  of(node: Node | undefined): Refused;
  /** Notes all that a node refuses of a type at present. */
  note(node: Node, type: ResourceType, versions: ReadonlyMap<string, string>): void;
  /** Forgets all of it: an operator asks for another try. */
  clear(): void;
}

/** An empty memory. */
export function createRefusals(): Refusals {
  const byNode = new Map<string, Refused>();
  return {
    clear: () => byNode.clear(),
    of: (node) => (node === undefined ? {} : (byNode.get(key(node)) ?? {})),
    note: (node, type, versions) => {
      const others = byNode.get(key(node)) ?? {};
      byNode.delete(key(node));
      const refused = { ...others, [type]: versions };
      if (Object.values(refused).some(({ size }) => size > 0)) byNode.set(key(node), refused);
      for (const oldest of byNode.keys()) {
        if (byNode.size <= mostNodes) break;
        byNode.delete(oldest);
      }
    },
  };
}

function key({ id, version }: Node): string {
  return JSON.stringify([id, version]);
}
