// How far the gateways are, as the machine asks for it.

import type { Snapshot } from "../snapshot/index.ts";
import type { Ahead, NodeProgress } from "../xds/index.ts";
import type { Gateway } from "./rollout.ts";

/** What gateways were given last. */
export interface Given {
  readonly all: Snapshot;
  readonly ahead: Ahead | undefined;
}

/**
 * One gateway for each node id, sorted; one with two streams has answered when
 * both have.
 *
 * @param generation what must have been published
 * @param given what it was given is why it refuses something only where that differs from `good`
 */
export function gatewaysOf(
  progress: readonly NodeProgress[],
  generation: number,
  given: Given | undefined,
  good: Snapshot | undefined,
): readonly Gateway[] {
  const byNode = new Map<string, Gateway>();
  for (const { node, answered, refused, generation: reached } of progress) {
    const known = byNode.get(node);
    const own = given?.ahead?.nodes.has(node) ? given.ahead.snapshot : given?.all;
    const caused = refused.filter(
      ({ type, name }) => own?.[type].get(name)?.version !== good?.[type].get(name)?.version,
    );
    byNode.set(node, {
      node,
      answered: answered && reached >= generation && known?.answered !== false,
      refused: [...(known?.refused ?? []), ...caused],
    });
  }
  return [...byNode.values()].sort((a, b) => (a.node < b.node ? -1 : 1));
}
