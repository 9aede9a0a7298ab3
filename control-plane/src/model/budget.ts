// What callers may spend: tokens or money, in each window of time.

import type { Origin } from "../source/origin.ts";

/** One budget; every caller, or value of a claim, has one of its own. */
export interface Budget {
  readonly name: string;
  readonly by: BudgetKey;
  /** What may be spent in each window. */
  readonly amount: Amount;
  readonly per: BudgetWindow;
  /** The budget that what is spent here counts for too; a chain that ends. */
  readonly within?: string | undefined;
  readonly origin: Origin;
}

/** Whose it is; `mesh` is one for all. */
export type BudgetKey =
  | { readonly kind: "subject" }
  | { readonly kind: "claim"; readonly claim: string }
  | { readonly kind: "mesh" };

/** Whole tokens, or money in billionths of its unit, so that sums are exact. */
export type Amount =
  | { readonly kind: "tokens"; readonly tokens: number }
  | { readonly kind: "money"; readonly nanos: number };

/** Windows begin with the hour, day or month of UTC. */
export type BudgetWindow = "hour" | "day" | "month";

/** How the calls of a route are paid. */
export interface BudgetUse {
  /** The budget's name. */
  readonly of: string;
  /** Tokens taken before a call runs: no call uses more. */
  readonly reserve: number;
  /** Where less than `reserve` is left, a call still runs with what is left, but not with less than this. */
  readonly minimum: number;
  /** What becomes of calls while the quota service does not answer. */
  readonly unavailable: "refuse" | "allow";
  readonly origin: Origin;
}

/** What an agent's tokens cost, in billionths of the money's unit for each token. */
export interface Price {
  readonly agent: string;
  readonly inputNanos: number;
  readonly outputNanos: number;
}
