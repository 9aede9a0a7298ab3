// How fast something may happen: a token bucket, as a pure function.

/** How fast it may. */
export interface Rate {
  readonly perSecond: number;
  /** How often at once, after a quiet time. */
  readonly burst: number;
}

/** What is left to give at a moment. */
export interface Allowance {
  readonly left: number;
  /** In milliseconds. */
  readonly at: number;
}

/** Whether it may happen once more, and what is left after that. `allowance` is undefined at first. */
export function admit(
  rate: Rate,
  allowance: Allowance | undefined,
  now: number,
): { readonly admitted: boolean; readonly next: Allowance } {
  const before = allowance ?? { left: rate.burst, at: now };
  const gained = (Math.max(0, now - before.at) / 1000) * rate.perSecond;
  const left = Math.min(rate.burst, before.left + gained);
  const admitted = left >= 1;
  return { admitted, next: { left: admitted ? left - 1 : left, at: now } };
}

/** Counts how often something happens; each call is one more, and false where that is too many. */
export function countAgainst(rate: Rate, now: () => number): () => boolean {
  let allowance: Allowance | undefined;
  return () => {
    const { admitted, next } = admit(rate, allowance, now());
    allowance = next;
    return admitted;
  };
}
