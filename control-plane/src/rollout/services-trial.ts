// Finds the agent whose own services a gateway refuses, and has the mesh served without them.

import type { ServicesByAgent } from "../source/leases/index.ts";
import type { OwnServices } from "../source/own-services/index.ts";
import type { NodeProgress, XdsServer } from "../xds/index.ts";
import { learn, nextOf, type Search } from "./search.ts";
import type { Serving } from "./serving.ts";

/** An agent that is served without its own services. */
export interface RefusedServices {
  readonly agent: string;
  readonly services: readonly string[];
  readonly node: string;
  /** The gateway's words. */
  readonly words: string;
}

/** What the trial needs. */
export interface ServicesTrialOptions {
  readonly xds: Pick<XdsServer, "progress">;
  /** Undefined while nothing is served. */
  readonly serving: () => Pick<Serving, "busy" | "generation" | "refresh"> | undefined;
  readonly said: (refused: RefusedServices) => void;
  /** Runs later what cannot be run at once: gateways are asked while they are told. */
  readonly defer: (run: () => void) => void;
}

/** Which own services gateways are given. */
export interface ServicesTrial {
  /** Those of them that may be given: not what was refused, and in a search only some. */
  of(all: ServicesByAgent): ServicesByAgent;
  /** A gateway may have answered. */
  moved(): void;
}

/**
 * One agent's descriptors that a gateway cannot use would keep its whole table of routes
 * from it, and with that every change. What is read of descriptors should be taken by any
 * Envoy; where it is not, those that no gateway took before are tried in ever shorter rows.
 */
export function createServicesTrial(options: ServicesTrialOptions): ServicesTrial {
  /** By the ids of services, which differ by agent. */
  const taken = new Set<string>();
  const bad = new Set<string>();
  let searching: { readonly suspects: readonly Suspect[]; search: Search } | undefined;
  /** Of the last search that found nothing. */
  let cleared: ReadonlySet<string> = new Set();
  let known: Refusal = { node: "", words: "" };
  let given: readonly Suspect[] = [];
  let deferred = false;

  const go = (): void => options.serving()?.refresh("services");
  const begin = (): void => {
    const fresh = given.filter(({ id }) => !taken.has(id));
    // What one gateway took may be refused by one of another version.
    const suspects = fresh.length > 0 ? fresh : given;
    if (suspects.every(({ id }) => cleared.has(id))) return;
    for (const { id } of suspects) taken.delete(id);
    const parts = suspects.length;
    searching = { suspects, search: { taken: -1, refused: parts, parts } };
    go();
  };
  const goOn = (wasRefused: boolean): void => {
    if (searching === undefined) return;
    const { search, suspects } = searching;
    searching.search = learn(search, wasRefused);
    const next = nextOf(searching.search);
    if (next.kind === "try") {
      go();
      return;
    }
    const culprit = next.kind === "found" ? suspects[next.index] : undefined;
    if (culprit === undefined) {
      cleared = new Set(suspects.map(({ id }) => id));
      taken.clear();
    } else {
      bad.add(culprit.id);
      const { agent, services } = culprit;
      options.said({ agent, services, ...known });
    }
    searching = undefined;
    go();
  };
  const look = (): void => {
    const serving = options.serving();
    // While a change is on its way, not all gateways are given the same.
    if (serving === undefined || serving.busy()) return;
    const gateways = options.xds.progress();
    if (gateways.some(({ generation }) => generation !== serving.generation())) return;
    const refusal = gateways.flatMap(refusalOf).at(0);
    if (refusal !== undefined) {
      // Of what it refused on an earlier stream its words are gone.
      const isOurs = /transcod|descriptor/i.test(refusal.words);
      if (isOurs) known = refusal;
      if (searching !== undefined) goOn(true);
      else if (isOurs) begin();
    } else if (gateways.length > 0 && gateways.every(({ answered }) => answered)) {
      for (const { id } of given) taken.add(id);
      goOn(false);
    }
  };
  return {
    of(all) {
      const present = new Set([...all.values()].map(({ id }) => id));
      // Of what is gone nothing can be learnt.
      if (searching?.suspects.some(({ id }) => !present.has(id))) searching = undefined;
      const next = searching && nextOf(searching.search);
      const tried = next?.kind === "try" ? searching?.suspects.slice(0, next.count) : [];
      const row = new Set(tried?.map(({ id }) => id));
      const isGiven = ({ id }: OwnServices): boolean =>
        !bad.has(id) && (searching === undefined || taken.has(id) || row.has(id));
      const some = new Map([...all].filter(([, services]) => isGiven(services)));
      given = [...some].map(([agent, { id, services }]) => ({ agent, id, services }));
      return some;
    },
    moved() {
      if (deferred) return;
      deferred = true;
      options.defer(() => {
        deferred = false;
        look();
      });
    },
  };
}

interface Suspect {
  readonly agent: string;
  readonly id: string;
  readonly services: readonly string[];
}

type Refusal = Pick<RefusedServices, "node" | "words">;

/** Of a table of routes, by a gateway that has answered for all of it. */
function refusalOf({ answered, node, refused }: NodeProgress): readonly Refusal[] {
  return answered
    ? refused.flatMap(({ type, message: words }) => (type === "route" ? [{ node, words }] : []))
    : [];
}
