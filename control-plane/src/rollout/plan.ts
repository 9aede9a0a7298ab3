// What gateways are to be given in each phase of a rollout.

import type { Plan, Rollout } from "./rollout.ts";
import { nextOf } from "./search.ts";

/** What gateways are to be given. */
export function planOf<C>(rollout: Rollout<C>): Plan<C> {
  switch (rollout.phase) {
    case "steady":
    case "returning":
      return { all: rollout.good };
    case "unproven":
    case "spread":
      return { all: rollout.candidate };
    case "staged": {
      const { others, node, candidate } = rollout;
      return { all: others, ahead: { node, candidate } };
    }
    case "tracing": {
      const { good, candidate, refusal, search } = rollout;
      const next = nextOf(search);
      const [of] = refusal.resources;
      if (next.kind !== "try" || of === undefined) return { all: good };
      const trial = { of, parts: next.count };
      return { all: good, ahead: { node: refusal.node, candidate, trial } };
    }
  }
}

/** When the present phase ends by itself; undefined where it waits for ever. */
export function endOf<C>(rollout: Rollout<C>): number | undefined {
  return "until" in rollout ? rollout.until : undefined;
}

/** The state once what it plans has gone out, with so much time for answers, in milliseconds. */
export function sentAt<C>(rollout: Rollout<C>, now: number, ms: number): Rollout<C> {
  return "until" in rollout ? { ...rollout, sent: now, until: now + ms } : rollout;
}

/** Whether two plans give every gateway the same. */
export function samePlan<C>(one: Plan<C>, other: Plan<C>): boolean {
  return (
    one.all === other.all &&
    one.ahead?.node === other.ahead?.node &&
    one.ahead?.candidate === other.ahead?.candidate &&
    one.ahead?.trial?.of === other.ahead?.trial?.of &&
    one.ahead?.trial?.parts === other.ahead?.trial?.parts
  );
}

/** Every version that is still in the game. */
export function versionsIn<C>(rollout: Rollout<C>): ReadonlySet<C> {
  const versions = new Set<C>();
  if (rollout.good !== undefined) versions.add(rollout.good);
  if (rollout.phase !== "steady") versions.add(rollout.candidate);
  if (rollout.phase === "staged") versions.add(rollout.others);
  return versions;
}

/** Why what a phase plans goes out: one of a few fixed words. */
export function reasonOf<C>({ phase }: Rollout<C>): string {
  if (phase === "tracing") return "trial";
  return phase === "returning" ? "rollback" : "mesh.yaml";
}
