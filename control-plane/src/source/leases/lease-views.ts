// What others see of the leases: endpoints for the model, rows for an operator.

import { compare } from "../compare.ts";
import type { Instance, Reach } from "../instance.ts";
import { keyOf, type Lease, type Leases, type Load } from "./lease.ts";
import { printLeaseAddress } from "./lease-address.ts";

/** Instances by agent; agents sorted by name, instances by id. */
export type Endpoints = ReadonlyMap<string, readonly Instance[]>;

/** One instance, for an operator to read. */
export interface InstanceView {
  readonly agent: string;
  readonly instance: string;
  /** Where its sidecar takes its calls, such as `127.0.0.1:50051`. */
  readonly address: string;
  /** How it is reached there; absent, in the clear. */
  readonly reach?: Reach;
  /** It gets calls. */
  readonly healthy: boolean;
  readonly version: string;
  readonly zone: string;
  readonly description: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The calls that it runs, and those that wait in it, as it said last. */
  readonly running?: number;
  readonly waiting?: number;
  /** When it first attached: RFC 3339. */
  readonly since: string;
  /**
   * `held`: its stream is open; `lost`: its stream broke; `kept`: lost together
   * with most others, and served all the same; `remembered`: from before this
   * control plane started.
   */
  readonly lease: "held" | "lost" | "kept" | "remembered";
}

/** The endpoints that the leases stand for. */
export function endpointsOf(leases: Leases): Endpoints {
  const endpoints = new Map<string, Instance[]>();
  for (const { agent, instance } of sorted(leases)) {
    const { id, address, healthy, reach, zone, version } = instance;
    const instances = endpoints.get(agent) ?? [];
    endpoints.set(agent, [
      ...instances,
      { id, address, healthy, zone, version, ...(reach && { reach }) },
    ]);
  }
  return endpoints;
}

/**
 * The leases as rows, sorted by agent, then instance.
 *
 * @param loads by `keyOf`
 */
export function viewsOf(leases: Leases, loads: ReadonlyMap<string, Load>): readonly InstanceView[] {
  return sorted(leases).map(({ agent, instance, description, labels = {}, since, hold }) => ({
    agent,
    instance: instance.id,
    address: printLeaseAddress(instance.address),
    ...(instance.reach && { reach: instance.reach }),
    healthy: instance.healthy,
    version: instance.version,
    zone: instance.zone,
    description,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...loads.get(keyOf(agent, instance.id)),
    since: new Date(since).toISOString(),
    lease: hold.kind === "lost" && hold.kept ? "kept" : hold.kind,
  }));
}

function sorted(leases: Leases): readonly Lease[] {
  return [...leases.values()].sort(
    (a, b) => compare(a.agent, b.agent) || compare(a.instance.id, b.instance.id),
  );
}
