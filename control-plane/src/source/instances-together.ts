// Puts together the instances that different sources know.

import type { Instance } from "./instance.ts";

/** Those of all sources by agent, in the order of the sources. */
export function together(
  ...sources: readonly ReadonlyMap<string, readonly Instance[]>[]
): ReadonlyMap<string, readonly Instance[]> {
  const all = new Map<string, readonly Instance[]>();
  for (const source of sources) {
    for (const [agent, instances] of source) {
      const known = all.get(agent);
      all.set(agent, known === undefined ? instances : [...known, ...instances]);
    }
  }
  return all;
}
