// What may fail beside chaos, when, and whether a call that failed is one of these.

/** Calls that may fail, and how. */
export interface Allowed {
  readonly agent: string;
  /** What is told of such a call. */
  readonly how: RegExp;
  /** The fewest of the agent's calls that must fail so, from 0 to 1: with fewer nothing was hurt. */
  readonly least: number;
  /** The most of them that may, from 0 to 1. */
  readonly most: number;
  /** Whether only while something is hurt, and a moment after; true unless given. */
  readonly onlyWhile?: boolean;
}

/** From when to when, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When something was hurt, and for how long calls may tell of it. */
export type Hurt = Span;

/** @param failure as `startCalls` tells of one: when, by which door, of which agent, and what was answered */
export function covers(allowed: Allowed, failure: string, hurts: readonly Hurt[]): boolean {
  const [at = "", , agent] = failure.split(" ");
  if (agent !== `${allowed.agent}:` || !allowed.how.test(failure)) return false;
  const when = Date.parse(at);
  return allowed.onlyWhile === false || hurts.some(({ from, to }) => when >= from && when <= to);
}

/**
 * The shortest time in which nothing may fail, in milliseconds: before the first hurt, between two, or after the
 * last. Below 0 where two of them touch.
 *
 * @param whole from the first call to the last
 */
export function quietMs(hurts: readonly Hurt[], whole: Span): number {
  const begins = [...hurts.map(({ from }) => from), whole.to];
  const ends = [whole.from, ...hurts.map(({ to }) => to)];
  return Math.min(...begins.map((begin, at) => begin - (ends[at] ?? begin)));
}
