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
 * Gives the views of sidecars, made once for each place of an agent: the same view for as long
 * as nothing in it changes. None has a secret of a gateway's or of another agent's. One of an
 * agent that the mesh lacks has nothing.
 */
export function createSidecarViews(): (view: View, order: SidecarOrder) => View {
  const agents = new Map<string, Map<string, Made>>();
  const seen = new WeakSet<View>();
  const serialised = remembered<Bytes>();
  const read = remembered<References>();
  const reading: Reading = (type, resource) =>
    read.of(`${type} ${resource.version}`, () => referencesOf(type, resource));
  let begun = 0;
  const begin = (): void => {
    serialised.begin();
    read.begin();
    for (const [agent, places] of agents) {
      for (const [place, { round }] of places) if (round < begun - 1) places.delete(place);
      if (places.size === 0) agents.delete(agent);
    }
    begun += 1;
  };
  let views = 0;
  return (view, { agent, place, secrets }) => {
    const { sidecars } = view.snapshot;
    if (sidecars === undefined) return nothing;
    if (!seen.has(view)) {
      seen.add(view);
      if (views++ % viewsOfARound === 0) begin();
    }
    const places = agents.get(agent) ?? new Map<string, Made>();
    const key = JSON.stringify(place);
    const before = places.get(key);
    if (before !== undefined && isStill(before, view, sidecars.content, secrets)) {
      before.round = begun;
      return before.view;
    }
    const own = sidecars.of(agent, place);
    if (own === undefined) return nothing;
    const packed = packedAll({ ...own, secret: [...own.secret, ...secrets] }, serialised);
    const made = withNamed(view, packed, reading);
    agents.set(agent, places);
    places.set(key, { ...made, secrets, content: sidecars.content, round: begun });
    for (const oldest of places.keys()) {
      if (places.size <= mostViews) break;
      places.delete(oldest);
    }
    return made.view;
  };
}

/**
 * Where hundreds of agents attach at once, a view is replaced before all sidecars have asked for
 * it: what one asked for in none of two such rounds is forgotten.
 */
const viewsOfARound = 32;

/** What a resource names. */
type Reading = (type: ResourceType, resource: Resource) => References;

/** A view with all that it is made of. */
interface Made extends WithNamed {
  readonly secrets: Translation["secret"];
  /** Of what is sidecars' own. */
  readonly content: string;
  /** When it was asked for last. */
  round: number;
}

interface WithNamed {
  readonly view: View;
  /** Of what gateways have, all that it names. */
  readonly named: readonly Named[];
}

interface Named {
  readonly type: (typeof shared)[number];
  readonly name: string;
  /** Undefined where gateways have none. */
  readonly found: Resource | undefined;
}

/** Whether it would be made the same again. */
function isStill(
  made: Made,
  { snapshot }: View,
  content: string,
  secrets: Translation["secret"],
): boolean {
  return (
    made.secrets === secrets &&
    made.content === content &&
    made.named.every(({ found, name, type }) => snapshot[type].get(name) === found)
  );
}

/** Of an agent: as many as there may be streams by one token of it. */
const mostViews = 1_000;

const nothing = viewOf(emptySnapshot, undefined);

/** Beside what is named of the others: by what is named itself too. */
function withNamed(view: View, own: Snapshot, reading: Reading): WithNamed {
  const asked: Named[] = [];
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
        if (taken[to].has(name)) continue;
        const found = view.snapshot[to].get(name);
        asked.push({ type: to, name, found });
        if (found === undefined) continue;
        taken[to].set(name, found);
        take(to, found);
      }
    }
  };
  for (const type of naming) for (const resource of own[type].values()) take(type, resource);
  return { view: viewOf(taken, view, reading), named: asked };
}

/** What gateways and sidecars have in common. */
const shared = ["cluster", "endpoint", "extension"] as const;
const naming = ["listener", "route", "cluster", "extension"] as const;
