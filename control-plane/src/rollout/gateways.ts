// How far the gateways are, as the machine asks for it.

import type { Snapshot } from "../snapshot/index.ts";
import type { Ahead, NodeProgress } from "../xds/index.ts";
import type { Gateway, RefusedResource } from "./rollout.ts";

/** What gateways were given last. */
export interface Given {
  readonly all: Snapshot;
  readonly ahead: Ahead | undefined;
}

/** What each gateway refused at one moment, by its node id. */
export type Refused = ReadonlyMap<string, ReadonlySet<string>>;

/** What each gateway refuses at present that has answered for all that it is given. */
export function refusedBy(progress: readonly NodeProgress[]): Refused {
  const byNode = new Map<string, Set<string>>();
  for (const { node, answered, refused } of progress) {
    // One that is still on its way has taken nothing yet.
    if (!answered) continue;
    const known = byNode.get(node) ?? new Set();
    for (const each of refused) known.add(keyOf(each));
    byNode.set(node, known);
  }
  return byNode;
}

/**
 * One gateway for each node id, sorted; one with two streams has answered when
 * both have.
 *
 * @param generation what must have been published
 * @param given what it was given is why it refuses something where that differs from `good`
 * @param before what gateways refused before the change, and which there were
 */
export function gatewaysOf(
  progress: readonly NodeProgress[],
  generation: number,
  given: Given | undefined,
  good: Snapshot | undefined,
  before: Refused,
): readonly Gateway[] {
  const byNode = new Map<string, Gateway>();
  for (const { node, answered, refused, generation: reached } of progress) {
    const known = byNode.get(node);
    const own = given?.ahead?.nodes.has(node) ? given.ahead.snapshot : given?.all;
    const kept = (each: (typeof refused)[number]): boolean =>
      own?.[each.type].get(each.name)?.version === good?.[each.type].get(each.name)?.version;
    // One that has come since was never seen to take it.
    const tookBefore = (each: (typeof refused)[number]): boolean =>
      before.get(node)?.has(keyOf(each)) === false;
    const add = (
      to: readonly RefusedResource[] | undefined,
      which: (each: (typeof refused)[number]) => boolean,
    ): readonly RefusedResource[] => [...(to ?? []), ...refused.filter(which)];
    byNode.set(node, {
      node,
      answered: answered && reached >= generation && known?.answered !== false,
      refused: add(known?.refused, (each) => !kept(each)),
      lost: add(known?.lost, (each) => kept(each) && tookBefore(each)),
      still: add(known?.still, (each) => kept(each) && !tookBefore(each)),
    });
  }
  return [...byNode.values()].sort((a, b) => (a.node < b.node ? -1 : 1));
}

function keyOf(refused: NodeProgress["refused"][number]): string {
  return `${refused.type} ${refused.name} ${refused.version}`;
}
