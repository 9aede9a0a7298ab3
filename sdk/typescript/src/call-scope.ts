// How long a call may go on: until its caller cancels it, or its time is over.
import type { Clock } from "./clock.ts";
import { Cancelled, DeadlineExceeded, type ErrorFacts, type SmartCallError } from "./errors.ts";

/** The bounds of one call, its tries and the waits between them. */
export interface CallScope {
  /** Aborts when the call must end. */
  readonly signal: AbortSignal;
  /** What is left of its time, in milliseconds; undefined where it has no deadline. */
  leftMs(): number | undefined;
  /** Why it must end; undefined while it need not. */
  failure(facts?: Partial<ErrorFacts>): SmartCallError | undefined;
  /** Waits for it no longer than the call may go on. Throws `failure()`. */
  within<T>(promise: Promise<T>): Promise<T>;
  /** Lets time pass. Throws `failure()`. */
  sleep(ms: number): Promise<void>;
  /** The caller wants no more of it. */
  cancel(): void;
  /** The call is over: no timer or listener of it is left. */
  end(): void;
}

/** What a scope is made with. */
export interface ScopeOptions {
  /** In milliseconds, above 0. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Begins one. */
export function beginScope({ signal, timeoutMs }: ScopeOptions, clock: Clock): CallScope {
  const over = new AbortController();
  const deadline = timeoutMs === undefined ? undefined : clock.now() + timeoutMs;
  let why: "cancelled" | "late" | undefined;
  const stop = (because: "cancelled" | "late"): void => {
    why ??= because;
    over.abort();
  };
  const cancel = (): void => stop("cancelled");
  const disarm = timeoutMs === undefined ? undefined : clock.after(timeoutMs, () => stop("late"));
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted === true) cancel();

  const failure: CallScope["failure"] = (facts = {}) => {
    if (why === undefined) return undefined;
    if (why === "late") {
      return new DeadlineExceeded(
        `The answer was not whole within ${timeoutMs} ms. Give it longer, or ask for less.`,
        { status: 504, reason: "DEADLINE_EXCEEDED", ...facts },
      );
    }
    const cause: unknown = signal?.reason;
    return new Cancelled("The call was cancelled.", {
      status: 499,
      reason: "CANCELLED",
      cause,
      ...facts,
    });
  };
  /** What `begin` begins, unless the call must end before. */
  const until = <T>(
    begin: (resolve: (value: T) => void, reject: (why: unknown) => void) => () => void,
  ) =>
    new Promise<T>((resolve, reject) => {
      const left = (): void => {
        undo();
        reject(failure());
      };
      over.signal.addEventListener("abort", left, { once: true });
      const forget = (): void => over.signal.removeEventListener("abort", left);
      const undo = begin(
        (value) => {
          forget();
          resolve(value);
        },
        (thrown) => {
          forget();
          reject(thrown);
        },
      );
      if (over.signal.aborted) left();
    });
  return {
    signal: over.signal,
    leftMs: () => (deadline === undefined ? undefined : Math.max(0, deadline - clock.now())),
    failure,
    within: (promise) =>
      until((resolve, reject) => {
        promise.then(resolve, reject);
        return () => undefined;
      }),
    sleep: (ms) => until((resolve) => clock.after(ms, () => resolve(undefined))),
    cancel,
    end() {
      disarm?.();
      signal?.removeEventListener("abort", cancel);
    },
  };
}
