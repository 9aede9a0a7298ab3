// A change is asked for, whatever is under way.

import { answerMs, type Gateway, type Rollout, type Said, type Step } from "./rollout.ts";

/** The very first: there is nothing to go back to, so all get it. */
export function begin<C>(candidate: C, good: C | undefined): Rollout<C> {
  return { phase: "unproven", good, candidate, doubted: false };
}

/**
 * Stages a change. One that is under way gives way to it: what is saved last
 * counts, and a mistake is put right without waiting for the end of its own
 * refusal.
 */
export function propose<C>(
  rollout: Rollout<C>,
  candidate: C,
  gateways: readonly Gateway[],
  now: number,
): Step<C> {
  const ended = endOfOther(rollout);
  const good = goodOf(rollout);
  const [first] = gateways;
  if (first === undefined) {
    const taken = { kind: "taken", candidate, nodes: [], silent: [], refusing: [] } as const;
    const next = { phase: "unproven", good, candidate, doubted: false } as const;
    return { next, says: [...ended, taken] };
  }
  const { node } = first;
  const others = othersOf(rollout);
  const time = { sent: now, until: now + answerMs };
  const next = { phase: "staged", good, others, candidate, node, silent: [], ...time } as const;
  return { next, says: [...ended, { kind: "staged", candidate, node }] };
}

function endOfOther<C>(rollout: Rollout<C>): readonly Said<C>[] {
  switch (rollout.phase) {
    case "steady":
    case "unproven":
      return [];
    case "staged":
    case "spread":
      return [{ kind: "superseded", candidate: rollout.candidate }];
    case "tracing":
    case "returning":
      // Where gateways are by then is told of the newer one.
      return [
        {
          kind: "refused",
          candidate: rollout.candidate,
          refusal: rollout.refusal,
          astray: [],
        },
      ];
  }
}

/** What gateways go back to; what nobody has proved is still better than nothing. */
function goodOf<C>(rollout: Rollout<C>): C {
  return rollout.phase === "unproven" ? (rollout.good ?? rollout.candidate) : rollout.good;
}

/** What the gateways that do not try the change keep meanwhile. */
function othersOf<C>(rollout: Rollout<C>): C {
  switch (rollout.phase) {
    case "unproven":
    case "spread":
      return rollout.candidate;
    case "staged":
      return rollout.others;
    case "steady":
    case "tracing":
    case "returning":
      return rollout.good;
  }
}
