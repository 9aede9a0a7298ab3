// What changes while a lease is held: health, a drain, what mesh.yaml lists.

import { type Listing, refusalOf } from "./attach-lease.ts";
import {
  type Holder,
  heldBy,
  keyOf,
  type Leases,
  type Step,
  step,
  withLease,
  without,
} from "./lease.ts";

/** The instance says whether it can take calls. */
export function reportHealth(leases: Leases, key: string, holder: Holder, serving: boolean): Step {
  const lease = heldBy(leases, key, holder);
  if (lease === undefined || lease.instance.healthy === serving) return step(leases);
  const { agent, instance } = lease;
  const message = serving ? "it can take calls again" : "it says that it can take no calls";
  return step(withLease(leases, { ...lease, instance: { ...instance, healthy: serving } }), {
    level: serving ? "info" : "warn",
    agent,
    instance: instance.id,
    message,
  });
}

/** The instance wants to end: it leaves at once, and its stream's end is no loss. */
export function drainLease(leases: Leases, key: string, holder: Holder): Step {
  const lease = heldBy(leases, key, holder);
  if (lease === undefined) return step(leases);
  const { agent, instance } = lease;
  const message = "it drains and has left";
  return step(without(leases, [key]), { level: "info", agent, instance: instance.id, message });
}

/** What the instance has joined with holds no more: it leaves at once, and may not be kept. */
export function expelLease(leases: Leases, key: string, holder: Holder): Step {
  const lease = heldBy(leases, key, holder);
  if (lease === undefined) return step(leases);
  const { agent, instance } = lease;
  const message = "its join token has expired or was revoked: it is removed";
  return step(without(leases, [key]), { level: "warn", agent, instance: instance.id, message });
}

/** Ends the leases of agents that are not, or no longer, listed. */
export function delistAgents(leases: Leases, listing: Listing): Step {
  const gone = [...leases.values()].flatMap((lease) => {
    const refusal = refusalOf(lease.agent, listing);
    return refusal === undefined ? [] : [{ ...lease, refusal }];
  });
  if (gone.length === 0) return step(leases);
  return {
    leases: without(
      leases,
      gone.map(({ agent, instance }) => keyOf(agent, instance.id)),
    ),
    notes: gone.map(({ agent, instance }) => {
      const message = "mesh.yaml lists its agent no longer; its lease ends";
      return { level: "warn", agent, instance: instance.id, message };
    }),
    ended: gone.flatMap(({ hold, refusal }) =>
      hold.kind === "held" ? [{ holder: hold.holder, refusal }] : [],
    ),
  };
}
