// Time and chance, as parameters, so that no test waits for them.

/** Tells the time, and calls back after a while. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `act` once after `ms` milliseconds, unless the function returned is called before. */
  after(ms: number, act: () => void): () => void;
}

/** Longer timers fire at once. */
const longestTimerMs = 0x7fffffff;

/** The time of day. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, Math.min(ms, longestTimerMs));
    return () => clearTimeout(timer);
  },
};
