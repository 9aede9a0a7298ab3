// Finds agents that a list of agents names twice.

import { placeOf, problem, type Report } from "../problem.ts";
import type { Located } from "../schema/collections.ts";

/** Reports each that is not the first. `key` is the list, `of` whose it is, in words. */
export function checkNamedTwice(
  names: readonly Located<string>[],
  { key, of }: { readonly key: string; readonly of: string },
  report: Report,
): void {
  const first = new Map<string, Located<string>>();
  for (const each of names) {
    const earlier = first.get(each.value);
    if (earlier === undefined) {
      first.set(each.value, each);
    } else {
      const place = placeOf(earlier.at, each.at);
      report(problem("SC437", each.at, { key, of, agent: each.value, place }));
    }
  }
}
