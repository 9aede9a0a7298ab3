// What agents serve beside the contract, where their instances do not say the same.

import type { OwnServices } from "../own-services/index.ts";
import type { Listing } from "./attach-lease.ts";
import type { Leases } from "./lease.ts";

/** What agents serve beside the contract; those that serve nothing are not there. */
export type ServicesByAgent = ReadonlyMap<string, OwnServices>;

/**
 * The instance that first attached last decides, also by bringing nothing; once it is gone,
 * the last of those that are left. An agent whose instances are all gone goes on with what
 * it had, so that its callers are told that nobody answers, and not that nothing is there.
 *
 * @param before what they served until then
 * @param listing the agents that may be kept without an instance; absent, none
 */
export function servicesOf(
  leases: Leases,
  before: ServicesByAgent,
  listing?: Listing,
): ServicesByAgent {
  const last = new Map<
    string,
    { readonly since: number; readonly services?: OwnServices | undefined }
  >();
  // The order of the leases is that in which they came, where times are the same.
  for (const { agent, services, since } of leases.values()) {
    const known = last.get(agent);
    if (known === undefined || since >= known.since) last.set(agent, { since, services });
  }
  const kept = [...before].filter(([agent]) => !last.has(agent) && mayBeKept(agent, listing));
  const brought = [...last].flatMap(([agent, { services }]) => {
    if (services === undefined) return [];
    const known = before.get(agent);
    return [[agent, known?.id === services.id ? known : services] as const];
  });
  return new Map([...kept, ...brought].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mayBeKept(agent: string, listing: Listing | undefined): boolean {
  return listing?.agents.has(agent) === true;
}
