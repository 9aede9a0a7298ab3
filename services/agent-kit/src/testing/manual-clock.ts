// A clock that stands still until a test moves it.

import type { Clock } from "@smartcall/runtime";

export interface ManualClock extends Clock {
  /** Moves on, calling what falls due, in order. */
  pass(ms: number): void;
}

export function manualClock(): ManualClock {
  let now = Date.UTC(2026, 0, 1);
  const due = new Map<() => void, number>();
  return {
    now: () => now,
    after(ms, then) {
      // One function may be awaited more than once, so each timer has its own key.
      const timer = (): void => then();
      due.set(timer, now + ms);
      return () => due.delete(timer);
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...due].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b);
        if (next === undefined) break;
        const [then, at] = next;
        due.delete(then);
        now = Math.max(now, at);
        then();
      }
      now = end;
    },
  };
}
