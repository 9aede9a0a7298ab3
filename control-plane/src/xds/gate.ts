// What must reach a node before something else may: make before break.

import type { Resource, ResourceType } from "../snapshot/snapshot.ts";
import type { View } from "../snapshot/view.ts";
import type { Permitted } from "./answer.ts";
import { knowsDifferences, mayDiffer } from "./held.ts";
import { builtWith, type Step, waitsForClusters } from "./order.ts";
import { holds, isSynced, type Subscription, unsure, watches } from "./subscription.ts";

/** What the gate looks at of a stream. */
export interface Watched {
  readonly types: Readonly<Record<ResourceType, Subscription>>;
  /** Whether the client held resources when it came, so that calls may depend on them. */
  readonly resumed: boolean;
}

/** The part of a view that one step of a push may tell a node. */
export function permit(stream: Watched, view: View, step: Step): Permitted {
  const resources = view.snapshot[step.type];
  const waits = (resource: Resource): boolean =>
    (waitsForClusters.has(step.type) && !clustersReady(stream, view, resource)) ||
    !partsTaken(stream, view, step.type, resource);
  return {
    resources,
    changes: step.part !== "removals",
    waits,
    removals: () =>
      step.part === "both"
        ? ![...resources.values()].some((resource) => waits(resource))
        : step.part === "removals" && step.after.every((type) => letGo(stream, view, type)),
  };
}

/**
 * Whether every cluster that a resource names is ready on the node: ACKed, and
 * its endpoints ACKed as well, or calls on the new route would meet a 503.
 */
function clustersReady(stream: Watched, view: View, resource: Resource): boolean {
  const { cluster, endpoint } = stream.types;
  const { snapshot } = view;
  if (allThere(cluster, snapshot.cluster) && allThere(endpoint, snapshot.endpoint)) return true;
  return (view.references.get(resource)?.cluster ?? []).every((name) => {
    const wanted = view.snapshot.cluster.get(name);
    if (wanted === undefined || !cluster.started || !watches(cluster, name)) return true;
    const needed = view.references.get(wanted)?.endpoint ?? [];
    return isThere(cluster, name) && needed.every((each) => isThere(endpoint, each));
  });
}

/**
 * Whether the node has taken all that a resource is built with, as the view has
 * it. What it does not watch yet it asks for once it has the resource.
 */
function partsTaken(stream: Watched, view: View, type: ResourceType, resource: Resource): boolean {
  const names = view.references.get(resource) ?? {};
  return (builtWith[type] ?? []).every((of) => {
    const subscription = stream.types[of];
    return (names[of] ?? []).every((name) => {
      const part = view.snapshot[of].get(name);
      if (part === undefined || !watches(subscription, name)) return true;
      return holds(subscription, part) && subscription.inFlight?.versions.has(name) !== true;
    });
  });
}

/** Told without a look at each: most nodes have everything, and a table names a thousand clusters. */
function allThere(subscription: Subscription, resources: ReadonlyMap<string, Resource>): boolean {
  const { held, inFlight } = subscription;
  if (!knowsDifferences(held) || (inFlight?.removed.length ?? 0) > 0) return false;
  for (const name of mayDiffer(held, resources)) {
    if (resources.has(name) && !isThere(subscription, name)) return false;
  }
  return true;
}

function isThere({ held, inFlight }: Subscription, name: string): boolean {
  // What is on its way out may be needed again; until it is back it is not there.
  return (held.get(name) ?? unsure) !== unsure && inFlight?.removed.includes(name) !== true;
}

/**
 * Whether nothing of a type on the node can still name what the view has
 * dropped: all of it is ACKed as the view has it. A refused one is not, so
 * what it named before stays.
 */
function letGo(stream: Watched, view: View, type: ResourceType): boolean {
  const subscription = stream.types[type];
  if (!isSynced(subscription, view.snapshot[type])) return false;
  if (type !== "listener") return true;
  // A client that comes back asks for its listeners soon; until then it uses the old ones.
  if (!subscription.started) return !stream.resumed;
  return [...view.snapshot.listener.values()]
    .filter(({ name }) => subscription.held.has(name))
    .flatMap((listener) => view.references.get(listener)?.route ?? [])
    .every(
      (route) => stream.types.route.held.get(route) === view.snapshot.route.get(route)?.version,
    );
}
