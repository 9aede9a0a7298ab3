// What the control plane knows of an instance that announced itself.

import type { Instance } from "../instance.ts";
import type { OwnServices } from "../own-services/index.ts";

/** An instance that announced itself, and what holds it in the mesh. */
export interface Lease {
  readonly agent: string;
  readonly instance: Instance;
  /** What the agent does, in a sentence of its own. */
  readonly description: string;
  /** What operators are shown of it; absent, nothing is known. */
  readonly labels?: Readonly<Record<string, string>>;
  /** When the instance first attached, in milliseconds since 1970. */
  readonly since: number;
  /** What it serves beside the contract. */
  readonly services?: OwnServices | undefined;
  readonly hold: Hold;
}

/** What an instance does at the moment. */
export interface Load {
  readonly running: number;
  readonly waiting: number;
}

/** What holds an instance in the mesh; times in milliseconds on the table's clock. */
export type Hold =
  /** Its stream is open. */
  | { readonly kind: "held"; readonly holder: Holder }
  /** Its stream broke; it is out for calls, unless `kept` with many others. */
  | { readonly kind: "lost"; readonly at: number; readonly kept: boolean; readonly served: boolean }
  /** It was there before this control plane started, and is not back yet. */
  | { readonly kind: "remembered"; readonly until: number };

/** Names a stream; a lease obeys only the stream that holds it. */
export type Holder = number;

/** All leases, by `keyOf`. */
export type Leases = ReadonlyMap<string, Lease>;

/** A lease's key: an agent's name has no slash. */
export function keyOf(agent: string, instance: string): string {
  return `${agent}/${instance}`;
}

/** Something worth saying about the leases. */
export interface LeaseNote {
  readonly level: "info" | "warn" | "error";
  readonly agent?: string;
  readonly instance?: string;
  readonly message: string;
}

/** Why a stream is not, or no longer, a lease: a gRPC status. */
export interface Refusal {
  readonly code:
    | "INVALID_ARGUMENT"
    | "PERMISSION_DENIED"
    | "FAILED_PRECONDITION"
    | "ALREADY_EXISTS"
    | "ABORTED"
    | "RESOURCE_EXHAUSTED";
  readonly message: string;
}

/** The leases after something happened, and what is to be said and ended. */
export interface Step {
  readonly leases: Leases;
  readonly notes: readonly LeaseNote[];
  /** Streams that have to end, and why. */
  readonly ended: readonly { readonly holder: Holder; readonly refusal: Refusal }[];
}

/** A step that ends no stream. */
export function step(leases: Leases, ...notes: readonly LeaseNote[]): Step {
  return { leases, notes, ended: [] };
}

/** The lease, where this stream holds it. */
export function heldBy(leases: Leases, key: string, holder: Holder): Lease | undefined {
  const lease = leases.get(key);
  return lease?.hold.kind === "held" && lease.hold.holder === holder ? lease : undefined;
}

/** The leases with one put in place. */
export function withLease(leases: Leases, lease: Lease): Leases {
  return new Map(leases).set(keyOf(lease.agent, lease.instance.id), lease);
}

/** The leases without some. */
export function without(leases: Leases, keys: Iterable<string>): Leases {
  const rest = new Map(leases);
  for (const key of keys) rest.delete(key);
  return rest;
}
