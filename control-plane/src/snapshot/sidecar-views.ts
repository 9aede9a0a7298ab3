// The view of a sidecar: what is its agent's own, and of what gateways have, what that names.

import { remembered, type SidecarPlace, type Translation } from "../translate/index.ts";
import { emptySnapshot } from "./compare.ts";
import { referencesOf } from "./references.ts";
import type { References, Resource, ResourceType, Snapshot } from "./snapshot.ts";
import { type Bytes, packedAll } from "./snapshot-of.ts";
import { type View, viewOf } from "./view.ts";

/** One sidecar, and what it proves itself with. */
export interface SidecarOrder {
  readonly agent: string;
  readonly place: SidecarPlace;
  /** Its certificate and whom it believes; the same as long as neither has changed. */
  readonly secrets: Translation["secret"];
}

/**
 * Gives the views of sidecars, made once for each place of an agent. None has a secret of a
 * gateway's or of another agent's. One of an agent that the mesh lacks has nothing.
 */
export function createSidecarViews(): (view: View, order: SidecarOrder) => View {
  const views = new WeakMap<View, Map<string, Map<string, Made>>>();
  const serialised = remembered<Bytes>();
  const read = remembered<References>();
  const reading: Reading = (type, resource) =>
    read.of(`${type} ${resource.version}`, () => referencesOf(type, resource));
  let begun = 0;
  return (view, order) => {
    const known = views.get(view);
    const agents = known ?? new Map<string, Map<string, Made>>();
    if (known === undefined) {
      views.set(view, agents);
      if (begun++ % viewsOfARound === 0) {
        serialised.begin();
        read.begin();
      }
    }
    const made = agents.get(order.agent) ?? new Map<string, Made>();
    const key = JSON.stringify(order.place);
    const before = made.get(key);
    if (before?.secrets === order.secrets) return before.view;
    const own = view.snapshot.sidecars?.of(order.agent, order.place);
    if (own === undefined) return nothing;
    const packed = packedAll({ ...own, secret: [...own.secret, ...order.secrets] }, serialised);
    const next = withNamed(view, packed, reading);
    agents.set(order.agent, made);
    made.set(key, { secrets: order.secrets, view: next });
    for (const oldest of made.keys()) {
      if (made.size <= mostViews) break;
      made.delete(oldest);
    }
    return next;
  };
}

/**
 * Where hundreds of agents attach at once, a view is replaced before all sidecars have asked for
 * it: what one asked for in none of two such rounds is forgotten.
 */
const viewsOfARound = 32;

/** What a resource names. */
type Reading = (type: ResourceType, resource: Resource) => References;

interface Made {
  readonly secrets: Translation["secret"];
  readonly view: View;
}

/** Of an agent: as many as there may be streams by one token of it. */
const mostViews = 1_000;

const nothing = viewOf(emptySnapshot, undefined);

/** Beside what is named of the others: by what is named itself too. */
function withNamed(view: View, own: Snapshot, reading: Reading): View {
  const taken = {
    cluster: new Map(own.cluster),
    endpoint: new Map(own.endpoint),
    listener: new Map(own.listener),
    route: new Map(own.route),
    secret: new Map(own.secret),
    extension: new Map(own.extension),
  };
  const take = (type: ResourceType, resource: Resource): void => {
    const named = view.references.get(resource) ?? resource.references ?? reading(type, resource);
    for (const to of shared) {
      // What a listener's filters would ask is there where a route leads to it.
      if (type === "listener" && to === "cluster") continue;
      for (const name of named[to] ?? []) {
        const found = taken[to].has(name) ? undefined : view.snapshot[to].get(name);
        if (found === undefined) continue;
        taken[to].set(name, found);
        take(to, found);
      }
    }
  };
  for (const type of naming) for (const resource of own[type].values()) take(type, resource);
  return viewOf(taken, view, reading);
}

/** What gateways and sidecars have in common. */
const shared = ["cluster", "endpoint", "extension"] as const;
const naming = ["listener", "route", "cluster", "extension"] as const;
