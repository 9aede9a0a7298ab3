// A clock that stands still until a test moves it.

import type { Clock } from "@smartcall/runtime";

/** A clock with a hand. */
export interface ManualClock extends Clock {
  /** Moves on; what is due by then happens in its order, and is waited for. */
  pass(ms: number): Promise<void>;
}

export function createManualClock(start = 0): ManualClock {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly act: () => void }>();
  return {
    now: () => now,
    after(ms, act) {
      const timer = { at: now + ms, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async pass(ms) {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers.delete(due);
        now = due.at;
        due.act();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = until;
    },
  };
}
