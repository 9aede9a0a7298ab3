// What one stream watches of one type, and what its client is known to hold.

import type { Resource, ResourceType } from "../snapshot/snapshot.ts";
import { heldAfter, heldBeside, mayDiffer } from "./held.ts";
import { watchedWhole } from "./order.ts";
import type { Interest, Response, Whole } from "./request.ts";
import { sharedNames } from "./shared-names.ts";
import { saysRemovals, toldWhole, type Variant } from "./variant.ts";

/** What one stream watches of one type, and what its client is known to hold. */
export interface Subscription {
  readonly type: ResourceType;
  readonly variant: Variant;
  /** Whether the client has asked for this type on this stream. */
  readonly started: boolean;
  readonly wildcard: boolean;
  /** Whether a request has ever named anything, be it `*`: from then on, no names mean nothing. */
  readonly named: boolean;
  /** Names asked for, besides those that the wildcard brings. */
  readonly names: ReadonlySet<string>;
  /** The version of each resource that the client holds; `unsure` where it may hold any. */
  readonly held: ReadonlyMap<string, string>;
  /** Names to answer whatever the client holds: it asked, or what a refusal left of them is unknown. */
  readonly owed: ReadonlySet<string>;
  /** Whether a first answer is owed even when there is nothing to tell. */
  readonly owesFirst: boolean;
  /** The version that the client refused, by name. */
  readonly refused: ReadonlyMap<string, string>;
  /** Resources of a refused response, which go out again one by one to find the bad ones. */
  readonly suspects: ReadonlyMap<string, Suspect>;
  /** The one response that is neither ACKed nor NACKed. */
  readonly inFlight: InFlight | undefined;
  /** The nonce of the last response; empty for none on this stream. */
  readonly nonce: string;
  /**
   * Where responses are whole: the last one that was ACKed. `unknown` for a client
   * that came back with something of which nobody knows what it is.
   */
  readonly base: Whole | "unknown";
  /** Whether a NACK has not been made good yet. */
  readonly troubled: boolean;
}

/** A resource that may be why a response was refused. */
export interface Suspect {
  readonly version: string;
  /** The version held before that response; undefined for none. */
  readonly before: string | undefined;
}

/** A response on its way. */
export interface InFlight {
  readonly nonce: string;
  /** The version of all that the view then held of the type. */
  readonly version: string;
  readonly versions: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
  /** All that it told, if it was whole. */
  readonly whole: Whole | undefined;
  /** The suspect that this response sends alone, if it does. */
  readonly suspect: Suspect | undefined;
}

/** The version of a resource that a client may hold in any version. No real version is empty. */
export const unsure = "";

/** A type that nobody has asked for; `refused` is what the node refused on earlier streams. */
export function unwatched(
  type: ResourceType,
  variant: Variant = "delta",
  refused: ReadonlyMap<string, string> = new Map(),
): Subscription {
  return {
    type,
    variant,
    started: false,
    wildcard: false,
    named: false,
    names: new Set(),
    held: new Map(),
    owed: new Set(),
    owesFirst: false,
    refused,
    suspects: new Map(),
    inFlight: undefined,
    nonce: "",
    base: { version: "", resources: new Map() },
    troubled: false,
  };
}

/** Whether the client watches a name. */
export function watches(subscription: Subscription, name: string): boolean {
  return subscription.wildcard || subscription.names.has(name);
}

/** The subscription after its client asked for, and gave up, names. */
export function subscribe(subscription: Subscription, interest: Interest): Subscription {
  const first = !subscription.started;
  const whole = watchedWhole.has(subscription.type);
  let wildcard = subscription.wildcard || (first && whole && meansWildcard(interest));
  const names = new Set(subscription.names);
  const owed = new Set(subscription.owed);
  const held = new Map(subscription.held);
  for (const name of interest.unsubscribe) {
    if (name === "*") wildcard = false;
    else if (names.delete(name) && wildcard && !toldWhole(subscription)) owed.add(name);
    else owed.delete(name);
  }
  for (const name of interest.subscribe) {
    if (name === "*") wildcard ||= whole;
    else {
      names.add(name);
      const known = first && whole && interest.initialVersions.has(name);
      if (!known) owed.add(name);
    }
  }
  if (first) for (const [name, version] of interest.initialVersions) held.set(name, version);
  // A client forgets what it no longer watches.
  for (const name of held.keys()) if (!wildcard && !names.has(name)) held.delete(name);
  // The version of a whole says nothing of good ones that were kept of a refused response.
  const knows = interest.initialVersions.size > 0 && !toldWhole(subscription);
  const begins = wildcard && !subscription.wildcard && !knows;
  const owesFirst = wildcard && (subscription.owesFirst || begins);
  const named = subscription.named || interest.subscribe.length > 0;
  const base = interest.base ?? subscription.base;
  return {
    ...subscription,
    started: true,
    wildcard,
    named,
    names: sharedNames(names),
    owed,
    held,
    owesFirst,
    base,
  };
}

/** The subscription after a response went out. */
export function sent(subscription: Subscription, response: Response): Subscription {
  const { nonce, version, resources, removed, whole } = response;
  const owed = new Set(subscription.owed);
  const suspects = new Map(subscription.suspects);
  for (const name of [...resources.map((resource) => resource.name), ...removed]) {
    owed.delete(name);
    suspects.delete(name);
  }
  const alone = resources.length === 1 ? resources[0] : undefined;
  const suspected = alone && subscription.suspects.get(alone.name);
  // Of another version than the suspected one, an answer says nothing about that one.
  const suspect = suspected?.version === alone?.version ? suspected : undefined;
  const versions = new Map(resources.map((resource) => [resource.name, resource.version]));
  const inFlight = { nonce, version, versions, removed, whole, suspect };
  return { ...subscription, owed, suspects, owesFirst: false, inFlight, nonce };
}

/** The subscription after its client took what is in flight. */
export function acknowledged(subscription: Subscription): Subscription {
  const { inFlight } = subscription;
  if (inFlight === undefined) return subscription;
  const taken = [...inFlight.versions].filter(([name]) => watches(subscription, name));
  const held = heldAfter(subscription.held, taken, inFlight.removed);
  const refused = new Map(subscription.refused);
  for (const [name, version] of inFlight.versions) {
    // Another version that it refused, it would refuse again.
    if (refused.get(name) === version) refused.delete(name);
  }
  const base = inFlight.whole ?? subscription.base;
  return { ...subscription, held, refused, base, inFlight: undefined };
}

/**
 * The subscription after its client refused what is in flight.
 *
 * Envoy names the bad resources in prose only and keeps the good ones of the
 * response, so several become suspects, and one alone is known to be refused.
 * Removals are always done, but those of a whole response go with the next one.
 * Where nobody knows what the client held before, sending suspects alone would
 * take away what calls may depend on: then all of the response is refused.
 *
 * A refused resource may have left its mark: Envoy keeps a refused certificate
 * beside the one in use, and gives it to whatever asks for it next. So what was
 * held before is owed, and goes out again once the view goes back to it.
 */
export function rejected(subscription: Subscription): Subscription {
  const { inFlight } = subscription;
  if (inFlight === undefined) return subscription;
  // What took away, and nothing more, has nothing in it to refuse.
  if (inFlight.versions.size === 0) return { ...acknowledged(subscription), troubled: true };
  if (subscription.base === "unknown") {
    return { ...subscription, refused: inFlight.versions, inFlight: undefined, troubled: true };
  }
  const held = new Map(subscription.held);
  const refused = new Map(subscription.refused);
  const suspects = new Map(subscription.suspects);
  const owed = new Set(subscription.owed);
  const alone = inFlight.versions.size === 1;
  for (const [name, version] of inFlight.versions) {
    if (alone) {
      refused.set(name, version);
      if (inFlight.suspect !== undefined) restore(held, name, inFlight.suspect.before);
      if (held.has(name)) owed.add(name);
    } else if (watches(subscription, name)) {
      suspects.set(name, { version, before: held.get(name) });
      held.set(name, unsure);
    }
  }
  if (!toldWhole(subscription)) for (const name of inFlight.removed) held.delete(name);
  return { ...subscription, held, owed, refused, suspects, inFlight: undefined, troubled: true };
}

/** Names of which the client refuses what the view holds. */
export function refusedNames(
  subscription: Subscription,
  resources: ReadonlyMap<string, Resource>,
): readonly string[] {
  return [...subscription.refused.keys()].filter(
    (name) =>
      watches(subscription, name) &&
      resources.get(name)?.version === subscription.refused.get(name),
  );
}

/** Whether the client holds a resource in this very version, and is owed nothing about it. */
export function holds({ held, owed }: Subscription, { name, version }: Resource): boolean {
  return held.get(name) === version && !owed.has(name);
}

/** Whether the client holds exactly what the resources say, and has said so. */
export function isSynced(
  subscription: Subscription,
  resources: ReadonlyMap<string, Resource>,
): boolean {
  if (subscription.inFlight !== undefined) return false;
  const { held, owed } = subscription;
  for (const name of owed) if (watches(subscription, name) && resources.has(name)) return false;
  for (const name of mayDiffer(held, resources)) {
    const resource = resources.get(name);
    if (resource === undefined) {
      if (held.has(name) && saysRemovals(subscription)) return false;
    } else if (watches(subscription, name) && held.get(name) !== resource.version) return false;
  }
  return true;
}

/** The same, kept in little where the client holds almost what the resources say. */
export function beside(
  subscription: Subscription,
  resources: ReadonlyMap<string, Resource>,
): Subscription {
  const held = heldBeside(subscription.held, resources);
  return held === subscription.held ? subscription : { ...subscription, held };
}

// A client that comes back holding more than it names had watched everything.
function meansWildcard({ subscribe, initialVersions }: Interest): boolean {
  return subscribe.length === 0 || [...initialVersions.keys()].some((n) => !subscribe.includes(n));
}

function restore(held: Map<string, string>, name: string, before: string | undefined): void {
  if (before === undefined) held.delete(name);
  else held.set(name, before);
}
