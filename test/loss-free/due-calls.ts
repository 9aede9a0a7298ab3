// How many calls of a steady rate are to begin, and how many never will since too many are under way.

/** Of the calls so far. */
export interface Pace {
  readonly perSecond: number;
  readonly elapsedMs: number;
  readonly begun: number;
  readonly dropped: number;
  readonly pending: number;
  /** Never are more under way. */
  readonly mostPending: number;
}

/** Those that are due and have no place are dropped for good: else each would wait for all before it. */
export function dueCalls(pace: Pace): { readonly begin: number; readonly drop: number } {
  const { begun, dropped, elapsedMs, mostPending, pending, perSecond } = pace;
  const due = Math.max(0, Math.floor((elapsedMs / 1_000) * perSecond) - begun - dropped);
  const begin = Math.min(due, Math.max(0, mostPending - pending));
  return { begin, drop: due - begin };
}
