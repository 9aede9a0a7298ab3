// A clock that only moves when a test says so.

import type { Clock } from "@smartcall/runtime";

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves the time on, and does on the way what was to happen by then. */
  advance(ms: number): void;
}

export function fakeClock(start = Date.parse("2026-03-01T12:00:00Z")): FakeClock {
  let now = start;
  const waiting = new Set<{ readonly at: number; readonly act: () => void }>();
  const nextBy = (end: number): { readonly at: number; readonly act: () => void } | undefined =>
    [...waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after(ms, act) {
      const timer = { at: now + ms, act };
      waiting.add(timer);
      return () => waiting.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (let next = nextBy(end); next !== undefined; next = nextBy(end)) {
        waiting.delete(next);
        now = next.at;
        next.act();
      }
      now = end;
    },
  };
}
