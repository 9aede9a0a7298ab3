// Whether a snapshot holds everything that its own resources name.

import type { Origin } from "../source/origin.ts";
import { resourceTypes } from "./compare.ts";
import type { References, Resource, ResourceType, Snapshot } from "./snapshot.ts";

/** A resource that names another one which the snapshot lacks. */
export interface DanglingReference {
  readonly from: {
    readonly type: ResourceType;
    readonly name: string;
    readonly origin: Origin | undefined;
  };
  readonly to: { readonly type: ResourceType; readonly name: string };
  /** One sentence for the operator. */
  readonly message: string;
}

/**
 * Every name in the snapshot that leads nowhere. Serving such a snapshot would
 * answer calls with 503, or leave a listener waiting for ever, so none is served.
 */
export function danglingReferences(
  snapshot: Snapshot,
  references: ReadonlyMap<Resource, References>,
): readonly DanglingReference[] {
  const dangling: DanglingReference[] = [];
  for (const type of resourceTypes) {
    for (const resource of snapshot[type].values()) {
      const named = references.get(resource) ?? {};
      const from = { type, name: resource.name, origin: resource.origin };
      for (const to of resourceTypes) {
        for (const name of named[to] ?? []) {
          if (snapshot[to].has(name)) continue;
          const message = `The ${type} "${resource.name}" names the ${to} "${name}", which does not exist.`;
          dangling.push({ from, to: { type: to, name }, message });
        }
      }
    }
  }
  return dangling;
}
