// What may fail beside chaos, and whether a call that failed is one of these.

/** Calls that may fail, and how. */
export interface Allowed {
  readonly agent: string;
  /** What is told of such a call. */
  readonly how: RegExp;
  /** The most of the agent's calls that may fail so, from 0 to 1. */
  readonly share: number;
  /** Whether only while something is hurt, and a moment after; true unless given. */
  readonly onlyWhile?: boolean;
}

/** When something was hurt, and for how long calls may tell of it, in milliseconds since 1970. */
export interface Hurt {
  readonly from: number;
  readonly to: number;
}

/** @param failure as `startCalls` tells of one: when, by which door, of which agent, and what was answered */
export function covers(allowed: Allowed, failure: string, hurts: readonly Hurt[]): boolean {
  const [at = "", , agent] = failure.split(" ");
  if (agent !== `${allowed.agent}:` || !allowed.how.test(failure)) return false;
  const when = Date.parse(at);
  return allowed.onlyWhile === false || hurts.some(({ from, to }) => when >= from && when <= to);
}
