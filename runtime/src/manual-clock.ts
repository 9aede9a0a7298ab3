// A clock that stands still until a test moves it.

import type { Clock } from "./clock.ts";

/** A clock with a hand. What falls due is called in the order of its time. */
export interface ManualClock extends Clock {
  /** Moves on. */
  pass(ms: number): void;
  /** Moves on, and after each call lets go on what waits for it. */
  passSlowly(ms: number): Promise<void>;
  /** How many timers wait. */
  waiting(): number;
}

export function createManualClock(start = 0): ManualClock {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly act: () => void }>();
  /** Calls what falls due next until then; whether there was any. */
  const next = (until: number): boolean => {
    const [due] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (due === undefined) return false;
    timers.delete(due);
    now = Math.max(now, due.at);
    due.act();
    return true;
  };
  return {
    now: () => now,
    after(ms, act) {
      const timer = { at: now + ms, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      const until = now + ms;
      while (next(until));
      now = until;
    },
    async passSlowly(ms) {
      const until = now + ms;
      while (next(until)) await new Promise((resolve) => setImmediate(resolve));
      now = until;
    },
    waiting: () => timers.size,
  };
}
