// The leases over time: applies each step, sets the timer, tells what changed.

import type { Clock } from "@smartcall/runtime";
import type { Instance } from "../instance.ts";
import { attachLease, type Listing, type Registration } from "./attach-lease.ts";
import { delistAgents, drainLease, expelLease, reportHealth } from "./change-lease.ts";
import {
  type Holder,
  heldBy,
  keyOf,
  type LeaseNote,
  type Leases,
  type Load,
  type Refusal,
  type Step,
} from "./lease.ts";
import { type Endpoints, endpointsOf, type InstanceView, viewsOf } from "./lease-views.ts";
import { expireLeases, loseLease, nextExpiry } from "./lose-lease.ts";
import { printLeases } from "./remembered-leases.ts";
import { type ServicesByAgent, servicesOf } from "./services-of.ts";
import { mostServicesBytes, noRoomFor } from "./services-room.ts";

/** What leases tell the rest of the control plane. */
export interface LeaseTableOptions {
  readonly clock: Clock;
  readonly listing: Listing;
  /** From `parseLeases`, where an earlier control plane kept some. */
  readonly remembered?: Leases;
  /** How many bytes all descriptors may have; `mostServicesBytes` unless given. */
  readonly mostServicesBytes?: number;
  /** The endpoints of these agents, sorted, or what they serve, are others than before. */
  readonly change: (change: EndpointChange) => void;
  /** What to keep for the next control plane. */
  readonly keep: (text: string) => void;
  readonly say: (note: LeaseNote) => void;
}

/** A change of endpoints, or of what their agents serve beside the contract. */
export interface EndpointChange {
  readonly kind: "endpoints";
  readonly agents: readonly string[];
}

/** All instances that hold a lease, or did a moment ago. */
export interface LeaseTable {
  /** The endpoints by agent, agents and instances sorted. */
  instances(): Endpoints;
  /** What agents serve beside the contract: as the instance says that came last. */
  services(): ServicesByAgent;
  /** The instances for an operator to read. */
  views(): readonly InstanceView[];
  /** What `mesh.yaml` lists has changed. */
  list(agents: ReadonlySet<string>): void;
  /** Takes an instance into the mesh, or says why not. `end` is called if the lease is ended from here. */
  attach(registration: Registration, end: (refusal: Refusal) => void): HeldLease | Refusal;
  /** Forgets the timer and changes nothing more: what ends from here on is no loss. */
  close(): void;
}

/** A lease, for the stream that holds it. */
export interface HeldLease {
  health(serving: boolean): void;
  /** What the instance does at the moment: for operators, and for nobody else. */
  load(load: Load): void;
  drain(): void;
  /** What it has joined with holds no more. After that, the stream's end means nothing. */
  expel(): void;
  /** The stream has ended. After a drain it means nothing. */
  lose(): void;
}

/**
 * Makes the table, and tells of no change while it does. Remembered instances of
 * agents that are not listed are dropped.
 */
export function createLeaseTable(options: LeaseTableOptions): LeaseTable {
  const { clock } = options;
  const ends = new Map<Holder, (refusal: Refusal) => void>();
  let { listing } = options;
  const start = delistAgents(options.remembered ?? new Map(), listing);
  for (const note of start.notes) options.say(note);
  let { leases } = start;
  let endpoints = endpointsOf(leases);
  let services = servicesOf(leases, new Map());
  let cancelTimer = (): void => undefined;
  let lastHolder: Holder = 0;
  const loads = new Map<string, Load>();
  let closed = false;

  const apply = (taken: Step): void => {
    if (closed) return;
    const before = endpoints;
    const served = services;
    const changed = taken.leases !== leases;
    leases = taken.leases;
    for (const note of taken.notes) options.say(note);
    if (changed) {
      endpoints = endpointsOf(leases);
      services = servicesOf(leases, served, listing);
      options.keep(printLeases(leases));
      const agents = differing(
        before,
        endpoints,
        (agent) => services.get(agent) !== served.get(agent),
      );
      if (agents.length > 0) options.change({ kind: "endpoints", agents });
      setTimer();
    }
    for (const { holder, refusal } of taken.ended) ends.get(holder)?.(refusal);
  };
  const setTimer = (): void => {
    cancelTimer();
    const next = nextExpiry(leases);
    if (next === undefined) return;
    const wait = Math.max(0, next - clock.now());
    cancelTimer = clock.after(wait, () => {
      apply(expireLeases(leases, clock.now()));
      setTimer();
    });
  };

  setTimer();
  return {
    instances: () => endpoints,
    services: () => services,
    views: () => viewsOf(leases, loads),
    list(agents) {
      listing = { ...listing, agents };
      apply(delistAgents(leases, listing));
    },
    attach(registration, end) {
      lastHolder += 1;
      const holder = lastHolder;
      const taken = attachLease(leases, registration, { holder, listing, now: clock.now() });
      if ("code" in taken) return taken;
      const full = noRoomFor(
        registration,
        leases,
        services,
        options.mostServicesBytes ?? mostServicesBytes,
      );
      if (full !== undefined) return full;
      ends.set(holder, end);
      apply(taken);
      const key = keyOf(registration.agent, registration.instance);
      return {
        health: (serving) => apply(reportHealth(leases, key, holder, serving)),
        load(load) {
          if (heldBy(leases, key, holder) !== undefined) loads.set(key, load);
        },
        drain: () => apply(drainLease(leases, key, holder)),
        expel: () => apply(expelLease(leases, key, holder)),
        lose() {
          ends.delete(holder);
          if (heldBy(leases, key, holder) !== undefined) loads.delete(key);
          apply(loseLease(leases, key, holder, clock.now()));
        },
      };
    },
    close() {
      closed = true;
      cancelTimer();
    },
  };
}

function differing(
  before: Endpoints,
  after: Endpoints,
  otherwise: (agent: string) => boolean,
): readonly string[] {
  const agents = [...new Set([...before.keys(), ...after.keys()])].sort();
  return agents.filter(
    (agent) => otherwise(agent) || !same(before.get(agent) ?? [], after.get(agent) ?? []),
  );
}

/** Both sides were built by us, field by field in one order. */
function same(a: readonly Instance[], b: readonly Instance[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
