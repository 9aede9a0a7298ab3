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

/**
 * Whether it may happen once more, and what is left after that.
 *
 * @param allowance undefined at first
 * @param weight a whole number: it counts as so many. What is refused takes what is left of them,
 *   so that smaller ones do not go on in its place
 */
export function admit(
  rate: Rate,
  allowance: Allowance | undefined,
  now: number,
  weight = 1,
): { readonly admitted: boolean; readonly next: Allowance } {
  const before = allowance ?? { left: rate.burst, at: now };
  const gained = (Math.max(0, now - before.at) / 1000) * rate.perSecond;
  const left = Math.min(rate.burst, before.left + gained);
  const next = { left: left - Math.min(weight, Math.floor(left)), at: now };
  return { admitted: left >= weight, next };
}

/**
 * Counts how often something happens; each call is one more, or as many as its weight says, and
 * false where that is too many.
 */
export function countAgainst(rate: Rate, now: () => number): (weight?: number) => boolean {
  let allowance: Allowance | undefined;
  return (weight) => {
    const { admitted, next } = admit(rate, allowance, now(), weight);
    allowance = next;
    return admitted;
  };
}
