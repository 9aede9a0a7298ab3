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
      return { all: others, ahead: { node, candidate, parts: undefined } };
    }
    case "tracing": {
      const { good, candidate, refusal, search } = rollout;
      const next = nextOf(search);
      if (next.kind !== "try") return { all: good };
      return { all: good, ahead: { node: refusal.node, candidate, parts: next.count } };
    }
  }
}

/** When the present phase ends by itself; undefined where it waits for ever. */
export function endOf<C>(rollout: Rollout<C>): number | undefined {
  return "until" in rollout ? rollout.until : undefined;
}
