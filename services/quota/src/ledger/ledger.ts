// What every ledger can do, whatever it keeps its rows in.

import type { Account, AccountCount, Count } from "./account.ts";
import type { Level, Usage, Wanted } from "./level.ts";

/**
 * Counts what calls use. A call reserves before it runs, from all its levels or
 * from none, and settles when it has ended; what is charged goes to the very
 * accounts that it was reserved from, whatever the time is then.
 *
 * At every moment, in each account: `used` is never below what settled, and
 * `used + reserved` never passes `most` by a reservation.
 */
export interface Ledger {
  /**
   * Takes what the call may use at most. Asked again with the same id, it takes
   * nothing more and says the same.
   */
  reserve(reservation: Reservation): Promise<Kept<Reserved>>;
  /**
   * Charges what the call used, once: a second time, and for an id that was never
   * reserved, it changes nothing and says `unknown`. After `expire` or `release`
   * it corrects what those charged.
   */
  settle(id: string, usage: Usage): Promise<Kept<"settled" | "unknown">>;
  /** Gives back what the call reserved, as for one that never ran; a settle may still come. */
  release(id: string, now: number): Promise<Kept<"settled" | "unknown">>;
  /**
   * Charges as reserved what never settled and has expired, and forgets what is
   * long over; a part of it at a time. `more`: call it again.
   */
  expire(now: number): Promise<Kept<Expired>>;
  /** The accounts of a budget or limit in the window that began then, by key. */
  list(name: string, start: number, limit: number): Promise<Kept<readonly AccountCount[]>>;
  /** Sets what the account may use in its window. */
  set(account: Account, most: number, now: number): Promise<Kept<AccountCount>>;
  /** Adds to what it may use, which is `most` where nothing was set. */
  raise(account: Account, by: number, most: number, now: number): Promise<Kept<AccountCount>>;
  /** Forgets what was used and set, but not what calls that run have reserved. */
  reset(account: Account, now: number): Promise<Kept<AccountCount>>;
  /** Waits for what is being written, and takes no more. */
  close(): Promise<void>;
}

/** What was done or read; or why not, in a sentence. Then nothing has changed, as far as is known. */
export type Kept<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** What one call wants. */
export interface Reservation {
  /** The call's id; no other call ever has it. */
  readonly id: string;
  /** When it is asked for, and when the call is over at the latest, in milliseconds since 1970. */
  readonly now: number;
  readonly expires: number;
  readonly wanted: Wanted;
  /** In the order in which the first that has not enough is told. */
  readonly levels: readonly Level[];
}

/** What came of it. */
export type Reserved =
  | {
      readonly kind: "granted";
      /** 0 where no level counts tokens. */
      readonly tokens: number;
      /** Of each level, with what this call has taken. */
      readonly counts: readonly Count[];
    }
  | {
      readonly kind: "refused";
      /** The place of the first level that has not enough. */
      readonly level: number;
      readonly count: Count;
    };

/** What `expire` did. */
export interface Expired {
  /** How many calls were charged as reserved. */
  readonly charged: number;
  readonly more: boolean;
}

/** How long after its expiry a late settle can still correct a call, in milliseconds. */
export const correctableMs = 24 * 60 * 60 * 1000;
