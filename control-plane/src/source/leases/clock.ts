// The time, and what is to happen later; given in, so that tests need not wait.

/** The time, and what is to happen later. */
export interface Clock {
  /** Milliseconds since 1970; never goes back while a process lives. */
  now(): number;
  /** Does something once, in `ms` milliseconds. Returns what cancels it. */
  after(ms: number, act: () => void): () => void;
}

/** The machine's clock. A leap of the wall clock does not move it. */
export const machineClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};
