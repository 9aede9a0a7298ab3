// Time, as a parameter, so that no test waits for it.

/** Tells the time and calls back after a while. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `then` once after `ms` milliseconds, unless the function returned is called before. */
  after(ms: number, then: () => void): () => void;
}

/** Longer timers fire at once in Node. */
const longestTimerMs = 0x7fffffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, Math.min(ms, longestTimerMs));
    return () => clearTimeout(timer);
  },
};
