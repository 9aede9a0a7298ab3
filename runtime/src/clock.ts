// Time, as a parameter, so that no test waits for it.

/** Tells the time, and calls back after a while. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `act` once after `ms` milliseconds, unless the function returned is called before. */
  after(ms: number, act: () => void): () => void;
}

/** Longer timers fire at once in Node. */
const longestTimerMs = 0x7fffffff;

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, Math.min(ms, longestTimerMs)).unref();
  return () => clearTimeout(timer);
}

/** The time of day, as deadlines and certificates have it. Its timers keep no process alive. */
export const systemClock: Clock = { now: () => Date.now(), after };

/** Never leaps while a process lives, for how long ago something was. Else as `systemClock`. */
export const steadyClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after,
};
