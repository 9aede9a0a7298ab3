// What, if anything, a client is to be told of one type.

import type { Resource } from "../snapshot/snapshot.ts";
import { knowsDifferences, mayDiffer } from "./held.ts";
import { oneByOne } from "./order.ts";
import { type Subscription, watches } from "./subscription.ts";
import { saysRemovals } from "./variant.ts";

/** What a client is to be told of one type. */
export interface Answer {
  readonly resources: readonly Resource[];
  /** Names that do not exist. */
  readonly removed: readonly string[];
}

/** The part of a view that one subscription may be told about. */
export interface Permitted {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly changes: boolean;
  /** Whether a change must wait for something else to reach the node. */
  readonly waits: (resource: Resource) => boolean;
  /** Asked only if there is something to remove. */
  readonly removals: () => boolean;
}

/**
 * What a client is to be told; undefined means silence, and that the
 * subscription goes on. Decides alike for a request and for a push, and in both
 * variants.
 */
export function answer(subscription: Subscription, permitted: Permitted): Answer | undefined {
  if (!subscription.started || subscription.inFlight !== undefined) return undefined;
  if (subscription.base === "unknown") return everything(subscription, permitted);
  const changes = permitted.changes ? changed(subscription, permitted) : [];
  const resources = oneByOne.has(subscription.type) ? changes.slice(0, 1) : changes;
  const removed = [
    ...(permitted.changes ? missing(subscription, permitted) : []),
    ...gone(subscription, permitted),
  ];
  if (resources.length > 0 || removed.length > 0) return { resources, removed };
  if (!permitted.changes) return undefined;
  const suspect = nextSuspect(subscription, permitted);
  if (suspect !== undefined) return { resources: [suspect], removed: [] };
  // Envoy does not finish its start without a first answer, empty or not.
  return subscription.owesFirst ? { resources: [], removed: [] } : undefined;
}

/**
 * All at once, and only when nothing of it must wait: what is left out is taken
 * from a client that may have it in use. What was refused is not sent again
 * until something of it changes.
 */
function everything(subscription: Subscription, permitted: Permitted): Answer | undefined {
  if (!permitted.changes) return undefined;
  const resources = watched(subscription, permitted.resources);
  if (resources.some(permitted.waits)) return undefined;
  const { refused } = subscription;
  const isRefused =
    resources.length > 0 &&
    resources.length === refused.size &&
    resources.every(({ name, version }) => refused.get(name) === version);
  return isRefused ? undefined : { resources, removed: [] };
}

function changed(subscription: Subscription, { resources, waits }: Permitted): Resource[] {
  const { owed, held, refused, suspects } = subscription;
  return candidates(subscription, resources).filter(
    (resource) =>
      (owed.has(resource.name) || held.get(resource.name) !== resource.version) &&
      refused.get(resource.name) !== resource.version &&
      suspects.get(resource.name)?.version !== resource.version &&
      !waits(resource),
  );
}

/** All that is watched; of a client whose differences are known, what is owed or may differ. */
function candidates(
  subscription: Subscription,
  resources: ReadonlyMap<string, Resource>,
): Resource[] {
  const { owed, held } = subscription;
  if (!knowsDifferences(held)) return watched(subscription, resources);
  return [...new Set([...owed, ...mayDiffer(held, resources)])]
    .filter((name) => watches(subscription, name))
    .flatMap((name) => resources.get(name) ?? []);
}

function watched(subscription: Subscription, resources: ReadonlyMap<string, Resource>): Resource[] {
  if (subscription.wildcard) return [...resources.values()];
  return [...subscription.names].flatMap((name) => resources.get(name) ?? []);
}

// "If the requested resource does not exist, the server must say so":
// asked for, not there, and the client does not hold it.
function missing(subscription: Subscription, { resources }: Permitted): string[] {
  if (!saysRemovals(subscription)) return [];
  return [...subscription.owed].filter(
    (name) => watches(subscription, name) && !resources.has(name) && !subscription.held.has(name),
  );
}

// Held by the client, and no longer there.
function gone(subscription: Subscription, { resources, removals }: Permitted): string[] {
  if (!saysRemovals(subscription)) return [];
  const { held } = subscription;
  const names = [...(knowsDifferences(held) ? mayDiffer(held, resources) : held.keys())].filter(
    (name) => held.has(name) && watches(subscription, name) && !resources.has(name),
  );
  return names.length > 0 && removals() ? names : [];
}

function nextSuspect(
  { suspects }: Subscription,
  { resources, waits }: Permitted,
): Resource | undefined {
  for (const [name, { version }] of suspects) {
    const resource = resources.get(name);
    if (resource?.version === version && !waits(resource)) return resource;
  }
  return undefined;
}
