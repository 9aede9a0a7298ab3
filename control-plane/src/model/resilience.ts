// How calls find an instance that can answer, and what happens when it cannot.

/** Which of an agent's instances takes a call. */
export type Balance =
  /** Of two taken by chance the one with fewer calls that run. */
  | { readonly kind: "least-request" }
  /** Callers alike in this meet the same instance, while it is there. */
  | { readonly kind: "hash"; readonly by: HashKey };

/** What callers are alike in. */
export type HashKey =
  | { readonly kind: "claim"; readonly claim: string }
  | { readonly kind: "header"; readonly header: string };

/** What one instance is asked at once. */
export interface Concurrency {
  /** Calls that run; one more is refused, or waits. */
  readonly running: number;
}

/** When an instance that fails is left alone for a while. */
export interface Ejection {
  /** After so many failures one after the other. */
  readonly failures: number;
  /** For so long the first time, longer each time it happens again, in milliseconds. */
  readonly forMs: number;
  /** At most this share of an agent's instances at once, in percent. */
  readonly mostPercent: number;
}

/** How a failed or slow try is followed by another. */
export interface Retry {
  /** How often, after the first time. */
  readonly attempts: number;
  /** Besides what no instance took; sorted. */
  readonly on: readonly ("slow" | "unavailable" | "reset")[];
  /** The longest that one try of a unary call may take, in milliseconds; absent, the route's time. */
  readonly perTryMs?: number | undefined;
  /** The longest until the first event of a stream, in milliseconds; absent, the route's time. */
  readonly firstEventMs?: number | undefined;
  /** Whether a slow try goes on beside the next one, and the first answer of both counts. */
  readonly hedge?: boolean | undefined;
}
