// Waits for work that goes on by itself, but not for long.

import type { Clock } from "@smartcall/runtime";

/** Settles when the work has, or after this time, in milliseconds. */
export function soon(clock: Clock, work: Promise<unknown>, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(patienceMs, resolve);
    void work.then(() => {
      cancel();
      resolve();
    });
  });
}
