// How many streams may begin at once, so that a returning fleet cannot drown us.

/** How fast streams may begin. */
export interface ConnectRate {
  readonly perSecond: number;
  /** How many may begin at once after a quiet time. */
  readonly burst: number;
}

/** What is left to give at a moment, in streams. */
export interface Allowance {
  readonly left: number;
  /** In milliseconds. */
  readonly at: number;
}

/** What is left after one more stream, and whether it may begin. */
export function admit(
  rate: ConnectRate,
  allowance: Allowance | undefined,
  now: number,
): { readonly admitted: boolean; readonly next: Allowance } {
  const before = allowance ?? { left: rate.burst, at: now };
  const gained = (Math.max(0, now - before.at) / 1000) * rate.perSecond;
  const left = Math.min(rate.burst, before.left + gained);
  const admitted = left >= 1;
  return { admitted, next: { left: admitted ? left - 1 : left, at: now } };
}
