// The policies that hold at this moment; who asks for one that is not known yet waits a while.

import type { Clock } from "@smartcall/runtime";
import type { Plans, RoutePlan } from "./plan.ts";

/** The longest that a call waits for news of its route, in milliseconds. */
export const patienceMs = 500;

/** How long a route that is no more is known: a gateway may have asked just before, in milliseconds. */
export const lingerMs = 10_000;

/** The present policies. */
export interface PresentPolicies {
  plans(): Plans;
  /** A route's plan; undefined where nobody told of it in time. */
  route(name: string): Promise<RoutePlan | undefined>;
  change(plans: Plans): void;
}

/** Policies that may change. */
export function createPresentPolicies(first: Plans, clock: Clock): PresentPolicies {
  let plans = first;
  const waiting = new Set<() => void>();
  let gone: ReadonlyMap<string, RoutePlan> = new Map();
  return {
    plans: () => plans,
    route(name) {
      const known = plans.routes.get(name) ?? gone.get(name);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => {
        const giveUp = clock.after(patienceMs, () => {
          waiting.delete(look);
          resolve(undefined);
        });
        const look = (): void => {
          const news = plans.routes.get(name);
          if (news === undefined) return;
          waiting.delete(look);
          giveUp();
          resolve(news);
        };
        waiting.add(look);
      });
    },
    change(next) {
      gone = plans.routes;
      plans = next;
      const before = gone;
      clock.after(lingerMs, () => {
        if (gone === before) gone = new Map();
      });
      for (const look of waiting) look();
    },
  };
}
