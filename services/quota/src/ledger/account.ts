// What is counted by itself: one key of a budget or limit, in one window of time.

/** One thing that is counted. */
export interface Account {
  /** The budget's or limit's name. */
  readonly name: string;
  /** Whose it is: a subject, the value of a claim, an address; empty for one of all. */
  readonly key: string;
  /** When its window began, in milliseconds since 1970; 0 where it has none. */
  readonly start: number;
  /** When its window ends, or undefined where it has none. */
  readonly end: number | undefined;
}

/** What is known of an account; whole numbers, in the unit of what is counted. */
export interface Count {
  /** What it may use, as reserving said or as it was set. */
  readonly most: number;
  /** What calls that ended have used; more than `most` where one used more than it reserved. */
  readonly used: number;
  /** What calls that run have reserved. */
  readonly reserved: number;
}

/** An account with what it used. */
export interface AccountCount {
  readonly account: Account;
  readonly used: number;
  readonly reserved: number;
  /** What it may use, where that was set or raised. */
  readonly set: number | undefined;
}

/** How long an account is remembered after its window, in milliseconds: settles may be late. */
export const rememberedMs = 2 * 24 * 60 * 60 * 1000;
