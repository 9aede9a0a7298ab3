// Who runs, who waits, and who is turned away.

import type { Concurrency } from "./agent.ts";
import type { StopSignal } from "./stop.ts";

/** Places for calls, first come first served. */
export interface Admission {
  /**
   * Takes a place, or waits for one. Resolves to a function that gives the place
   * back (at most once counts); to `full` where none is free and none may wait
   * any more; to `left` where the signal aborts first.
   */
  enter(signal: StopSignal): Promise<(() => void) | "full" | "left">;
  readonly running: number;
  readonly waiting: number;
}

/** @param bound Left out: every call runs at once. */
export function createAdmission(bound?: Concurrency): Admission {
  const most = bound ?? { running: Number.POSITIVE_INFINITY, waiting: 0 };
  const queue = new Set<() => void>();
  let running = 0;

  const place = (): (() => void) => {
    running++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      running--;
      const [next] = queue;
      next?.();
    };
  };

  return {
    enter(signal) {
      if (signal.aborted) return Promise.resolve("left" as const);
      if (running < most.running) return Promise.resolve(place());
      if (queue.size >= most.waiting) return Promise.resolve("full" as const);
      return new Promise((resolve) => {
        const left = (): void => {
          queue.delete(begin);
          resolve("left");
        };
        const begin = (): void => {
          queue.delete(begin);
          signal.removeEventListener("abort", left);
          resolve(place());
        };
        queue.add(begin);
        signal.addEventListener("abort", left, { once: true });
      });
    },
    get running() {
      return running;
    },
    get waiting() {
      return queue.size;
    },
  };
}
