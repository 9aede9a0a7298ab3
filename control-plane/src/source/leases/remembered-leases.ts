// The leases as a text, so that a restart of the control plane is not their loss.

import { listIn, objectOf, parseObject } from "@smartcall/runtime";
import { type OwnServices, readOwnServices } from "../own-services/index.ts";
import { keyOf, type Lease, type Leases } from "./lease.ts";
import { parseLeaseAddress, printLeaseAddress } from "./lease-address.ts";
import { lostLeaseMs } from "./lose-lease.ts";

/** The text to keep: sorted, and without what means nothing to another process. */
export function printLeases(leases: Leases): string {
  const services = new Map<string, string>();
  for (const { services: own } of leases.values()) {
    if (own !== undefined && !services.has(own.id)) services.set(own.id, textOf(own));
  }
  const instances = [...leases]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, lease]) => ({
      agent: lease.agent,
      instance: lease.instance.id,
      address: printLeaseAddress(lease.instance.address),
      healthy: lease.instance.healthy,
      version: lease.instance.version,
      zone: lease.instance.zone,
      description: lease.description,
      since: new Date(lease.since).toISOString(),
      ...(lease.services && { services: lease.services.id }),
    }));
  const own = services.size === 0 ? {} : { services: Object.fromEntries([...services].sort()) };
  return `${JSON.stringify({ instances, ...own }, null, 2)}\n`;
}

/** Written at each change of a lease, and long. */
function textOf(own: OwnServices): string {
  const text = texts.get(own) ?? Buffer.from(own.descriptors).toString("base64");
  texts.set(own, text);
  return text;
}

const texts = new WeakMap<OwnServices, string>();

/**
 * The leases in a text that `printLeases` made, each served as it was for
 * `lostLeaseMs` from `now`; undefined where the text makes no sense.
 */
export function parseLeases(text: string, now: number): Leases | undefined {
  const parsed = parseObject(text);
  const entries = listIn(parsed, "instances");
  if (entries === undefined) return undefined;
  const brought = objectOf(parsed?.["services"]) ?? {};
  const leases = new Map<string, Lease>();
  for (const entry of entries) {
    const lease = parseLease(entry, now);
    if (lease === undefined) return undefined;
    const id = objectOf(entry)?.["services"];
    const services = typeof id === "string" ? servicesIn(brought[id], lease.agent) : undefined;
    leases.set(keyOf(lease.agent, lease.instance.id), { ...lease, ...(services && { services }) });
  }
  return leases;
}

/** Nothing where they make no sense: the instance brings them again. */
function servicesIn(text: unknown, agent: string): OwnServices | undefined {
  if (typeof text !== "string") return undefined;
  const services = readOwnServices(Buffer.from(text, "base64"), agent);
  return "problems" in services ? undefined : services;
}

function parseLease(entry: unknown, now: number): Lease | undefined {
  const {
    agent,
    instance: id,
    address,
    healthy,
    version,
    zone,
    description,
    since,
  } = objectOf(entry) ?? {};
  if (
    typeof agent !== "string" ||
    typeof id !== "string" ||
    typeof address !== "string" ||
    typeof healthy !== "boolean" ||
    typeof version !== "string" ||
    typeof zone !== "string" ||
    typeof description !== "string" ||
    typeof since !== "string"
  ) {
    return undefined;
  }
  const place = parseLeaseAddress(address);
  const time = Date.parse(since);
  if (place === undefined || Number.isNaN(time)) return undefined;
  return {
    agent,
    instance: { id, address: place, healthy, version, zone, reach: "sidecar" },
    description,
    since: time,
    hold: { kind: "remembered", until: now + lostLeaseMs },
  };
}
