// A stream broke: out for calls at once, unless too many broke together.

import {
  type Holder,
  heldBy,
  keyOf,
  type Lease,
  type LeaseNote,
  type Leases,
  type Step,
  step,
  withLease,
  without,
} from "./lease.ts";

/** How long a lost instance stays known, and a remembered one served, in milliseconds. */
export const lostLeaseMs = 30_000;
/** Losses at most this far apart, in milliseconds, may have one cause that is not the instances. */
export const togetherMs = 5_000;
/** That cause is looked for from so many losses on. */
export const fewestTogether = 4;

/**
 * The stream that held the lease ended without a drain: the instance gets no
 * more calls, and is removed after `lostLeaseMs`. When more than half of the mesh's
 * instances, and at least `fewestTogether`, are lost together, it is likelier that
 * the control plane has lost them than that they have ended: all of them are kept
 * as they were.
 */
export function loseLease(leases: Leases, key: string, holder: Holder, now: number): Step {
  const lease = heldBy(leases, key, holder);
  if (lease === undefined) return step(leases);
  const lost = withLease(leases, {
    ...lease,
    instance: { ...lease.instance, healthy: false },
    hold: { kind: "lost", at: now, kept: false, served: lease.instance.healthy },
  });
  const together = lostWith(lease, lost, now);
  const there = [...lost.values()].filter((each) => !isGone(each) || together.has(each));
  if (together.size < fewestTogether || together.size * 2 <= there.length) {
    return step(lost, note(lease, "warn", "its lease is lost; it gets no more calls"));
  }
  const kept = [...together].reduce((each, one) => withLease(each, keep(one)), lost);
  const message = `${together.size} of ${there.length} instances were lost together: all are kept as they were`;
  return step(kept, { level: "error", message });
}

/**
 * Removes what has been gone for too long. Instances that were lost together are
 * removed only while at least half of the mesh's instances are held.
 */
export function expireLeases(leases: Leases, now: number): Step {
  const gone = [...leases.values()].filter((lease) => {
    const end = endOf(lease);
    return end !== undefined && end <= now && !(isKept(lease) && mostAreLost(leases));
  });
  if (gone.length === 0) return step(leases);
  return step(
    without(
      leases,
      gone.map(({ agent, instance }) => keyOf(agent, instance.id)),
    ),
    ...gone.map((lease) => note(lease, "warn", "it did not come back; it is removed")),
  );
}

/** When `expireLeases` next has something to do, or undefined while nothing will end. */
export function nextExpiry(leases: Leases): number | undefined {
  const stuck = mostAreLost(leases);
  const ends = [...leases.values()].flatMap((lease) =>
    isKept(lease) && stuck ? [] : (endOf(lease) ?? []),
  );
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/**
 * The lease just lost, and those lost within `togetherMs` before, as far as all of them were there
 * when the first was lost. One that came in the place of another shows that the control plane can
 * be reached: that both are lost, one after the other, is no sign that it lost them.
 */
function lostWith({ since }: Lease, leases: Leases, now: number): ReadonlySet<Lease> {
  const from = Math.max(now - togetherMs, since);
  const losses = [...leases.values()].flatMap((lease) =>
    lease.hold.kind === "lost" && lease.hold.at >= from ? [{ lease, at: lease.hold.at }] : [],
  );
  const first = losses.reduce((earliest, { at }) => Math.min(earliest, at), now);
  return new Set(losses.flatMap(({ lease }) => (lease.since <= first ? [lease] : [])));
}

function isGone({ hold }: Lease): boolean {
  return hold.kind === "lost" && !hold.kept;
}

function isKept({ hold }: Lease): boolean {
  return hold.kind === "lost" && hold.kept;
}

function mostAreLost(leases: Leases): boolean {
  const held = [...leases.values()].filter(({ hold }) => hold.kind === "held").length;
  return held * 2 < leases.size;
}

function keep(lease: Lease): Lease {
  if (lease.hold.kind !== "lost") return lease;
  const instance = { ...lease.instance, healthy: lease.hold.served };
  return { ...lease, instance, hold: { ...lease.hold, kept: true } };
}

function endOf({ hold }: Lease): number | undefined {
  if (hold.kind === "held") return undefined;
  return hold.kind === "lost" ? hold.at + lostLeaseMs : hold.until;
}

function note(lease: Lease, level: LeaseNote["level"], message: string): LeaseNote {
  return { level, agent: lease.agent, instance: lease.instance.id, message };
}
