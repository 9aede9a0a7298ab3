// When changes that come in a burst are pushed: once it is quiet, or late enough.

import type { Clock } from "@smartcall/runtime";

/** How long changes of one kind may wait, in milliseconds. */
export interface Window {
  /** A push comes when nothing has changed for this long. */
  readonly quietMs: number;
  /** A push comes this long after a change, however busy it stays. */
  readonly maxMs: number;
}

/** Kinds of change; the loss of an endpoint cannot wait as long as an edit. */
export type Lane = "config" | "endpoints";

/** The windows that we push by. */
export const windows: Readonly<Record<Lane, Window>> = {
  config: { quietMs: 100, maxMs: 500 },
  endpoints: { quietMs: 20, maxMs: 250 },
};

/** Changes that wait, by kind: when the first and the last of them came. */
export type Waiting = Readonly<
  Partial<Record<Lane, { readonly firstAt: number; readonly lastAt: number }>>
>;

/** What waits after one more change. */
export function withChange(waiting: Waiting, lane: Lane, now: number): Waiting {
  return { ...waiting, [lane]: { firstAt: waiting[lane]?.firstAt ?? now, lastAt: now } };
}

/** When all that waits is to be pushed; undefined if nothing waits. */
export function dueAt(
  waiting: Waiting,
  by: Readonly<Record<Lane, Window>> = windows,
): number | undefined {
  const due = (["config", "endpoints"] as const).flatMap((lane) => {
    const changes = waiting[lane];
    if (changes === undefined) return [];
    return [Math.min(changes.lastAt + by[lane].quietMs, changes.firstAt + by[lane].maxMs)];
  });
  return due.length === 0 ? undefined : Math.min(...due);
}

/** Gathers changes, and runs `push` once for each burst of them. */
export interface Debounce {
  changed(lane: Lane): void;
  /** Forgets what waits. */
  cancel(): void;
}

/** A debounce that is driven by a clock. */
export function createDebounce(
  clock: Clock,
  push: () => void,
  by: Readonly<Record<Lane, Window>> = windows,
): Debounce {
  let waiting: Waiting = {};
  let cancelTimer = (): void => undefined;
  const cancel = (): void => {
    cancelTimer();
    waiting = {};
  };
  const changed = (lane: Lane): void => {
    waiting = withChange(waiting, lane, clock.now());
    cancelTimer();
    const due = dueAt(waiting, by) ?? clock.now();
    cancelTimer = clock.after(Math.max(0, due - clock.now()), () => {
      waiting = {};
      push();
    });
  };
  return { changed, cancel };
}
