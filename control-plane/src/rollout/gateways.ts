// How far the gateways are, as the machine asks for it.

import type { Snapshot } from "../snapshot/index.ts";
import type { NodeProgress } from "../xds/index.ts";
import type { Gateway } from "./rollout.ts";

/**
 * One gateway for each node id, sorted; one with two streams has answered when
 * both have.
 *
 * @param generation what must have been published
 * @param good what it refuses of this is not laid to the charge of a change
 */
export function gatewaysOf(
  progress: readonly NodeProgress[],
  generation: number,
  good: Snapshot | undefined,
): readonly Gateway[] {
  const byNode = new Map<string, Gateway>();
  for (const { node, answered, refused, generation: reached } of progress) {
    const known = byNode.get(node);
    const caused = refused.filter(
      ({ type, name, version }) => good?.[type].get(name)?.version !== version,
    );
    byNode.set(node, {
      node,
      answered: answered && reached >= generation && known?.answered !== false,
      refused: [...(known?.refused ?? []), ...caused],
    });
  }
  return [...byNode.values()].sort((a, b) => (a.node < b.node ? -1 : 1));
}
