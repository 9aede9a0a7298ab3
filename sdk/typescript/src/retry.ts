// Tries a call again where that does no harm.
import type { CallScope } from "./call-scope.ts";
import type { SmartCallError } from "./errors.ts";

/** How one try ended. */
export type Tried<T> =
  | { readonly ok: true; readonly value: T }
  /** `again`: trying again does no harm. */
  | { readonly ok: false; readonly error: SmartCallError; readonly again: boolean };

/** What retries are made with. */
export interface RetryOptions {
  /** How often at most, after the first try. */
  readonly retries: number;
  readonly scope: CallScope;
  /** From 0 to 1. */
  random(): number;
}

/** A longer wait is left to the caller, in milliseconds. */
const longestWaitMs = 60_000;
/** Waits that nobody has told: from 0 to so much, doubled each time, in milliseconds. */
const shortestBackOffMs = 200;
const longestBackOffMs = 5_000;

/** Said where the agent may have had the call already. */
const perhapsBegun: ReadonlySet<string> = new Set(["AGENT_UNAVAILABLE", "STREAM_BROKEN"]);

/** Whether what was refused so can be asked for again without harm. */
export function mayRepeat({ reason, retryable }: SmartCallError, idempotent: boolean): boolean {
  return retryable && (idempotent || !perhapsBegun.has(reason));
}

/** Tries until it succeeds, or throws what the last try failed with. */
export async function retrying<T>(
  attempt: () => Promise<Tried<T>>,
  { random, retries, scope }: RetryOptions,
): Promise<T> {
  for (let tried = 0; ; tried++) {
    const result = await attempt();
    if (result.ok) return result.value;
    const { again, error } = result;
    const wait = waitBefore(tried, error.retryAfter, random());
    const left = scope.leftMs() ?? Number.POSITIVE_INFINITY;
    if (!again || tried >= retries || wait > longestWaitMs || wait >= left) throw error;
    await scope.sleep(wait);
  }
}

/**
 * How long to wait after the given number of tries that were made again, in milliseconds: as
 * told and a tenth more, so that not all come back at once, or else an exponential back-off with
 * full jitter.
 */
export function waitBefore(tried: number, told: number | undefined, chance: number): number {
  if (told !== undefined) return told * (1 + chance / 10);
  return Math.min(shortestBackOffMs * 2 ** tried, longestBackOffMs) * chance;
}
