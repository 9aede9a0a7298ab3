// Makes one change of several that come together.

import type { Clock } from "@smartcall/runtime";

/** Changes that may come together. */
export interface Gathered {
  /** Something has changed. */
  changed(): void;
  /** Settles once all that has changed until this moment was acted on. */
  settled(): Promise<void>;
  /** Acts no more. */
  close(): void;
}

/** How long changes gather that follow another one, in milliseconds. */
export const gatheredMs = 25;

/** Acts on a change at once; on those that soon follow it, together, when `gatheredMs` are over. */
export function createGathered(clock: Clock, act: () => void): Gathered {
  let actedAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  let waiting: (() => void)[] = [];
  const run = (): void => {
    cancel = undefined;
    actedAt = clock.now();
    act();
    const told = waiting;
    waiting = [];
    for (const each of told) each();
  };
  return {
    changed() {
      if (cancel !== undefined) return;
      const wait = actedAt + gatheredMs - clock.now();
      if (wait <= 0) run();
      else cancel = clock.after(wait, run);
    },
    settled() {
      if (cancel === undefined) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    close() {
      cancel?.();
    },
  };
}
