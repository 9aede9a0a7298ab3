// What operators wrote of who may call and how much, typed, with places.

import type { Origin } from "../source/origin.ts";
import type { Located } from "./schema/collections.ts";
import type { Flaws } from "./schema/flaws.ts";

/** Who may use a route. */
export interface AllowConfig {
  /** Absent, the standard scope, or none where certificates are asked for and no claims. */
  readonly scopes: Located<readonly string[]> | undefined;
  readonly claims: Located<ReadonlyMap<string, Located<ClaimRule>>> | undefined;
  readonly certificates: Located<readonly string[]> | undefined;
  /** CIDR. */
  readonly addresses: readonly string[] | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** What a claim must be: there at all, or one of these texts, or a list that holds one. */
export type ClaimRule = "present" | readonly string[];

/** One limit of a route. The checks let exactly one of `requests` and `concurrent` be. */
export interface LimitConfig {
  readonly requests: Located<number> | undefined;
  readonly per: Located<LimitWindow> | undefined;
  readonly concurrent: Located<number> | undefined;
  readonly by: Located<Counted>;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Seconds and minutes are counted by each gateway itself, longer ones by the quota service. */
export type LimitWindow = "second" | "minute" | "hour" | "day";

/** What is counted by itself: each caller, each value of a claim, each address, or all calls together. */
export type Counted =
  | { readonly kind: "subject" }
  | { readonly kind: "claim"; readonly claim: string }
  | { readonly kind: "address" }
  | { readonly kind: "route" };

/** How the calls of a route are paid. */
export interface BudgetUseConfig {
  readonly of: Located<string>;
  readonly reserve: Located<number>;
  readonly minimum: Located<number> | undefined;
  readonly unavailable: "refuse" | "allow";
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** One budget. The checks let exactly one of `tokens` and `money` be. */
export interface BudgetConfig {
  readonly by: Located<BudgetKey>;
  readonly tokens: Located<number> | undefined;
  /** In billionths of its unit. */
  readonly money: Located<number> | undefined;
  readonly per: BudgetWindow;
  readonly within: Located<string> | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}

export type BudgetWindow = "hour" | "day" | "month";

/** Whose a budget is; `mesh` is one for all. */
export type BudgetKey =
  | { readonly kind: "subject" }
  | { readonly kind: "claim"; readonly claim: string }
  | { readonly kind: "mesh" };

/** What an agent's tokens cost, in billionths of the money's unit for each. */
export interface PriceConfig {
  readonly input: number;
  readonly output: number;
  readonly flawed: Flaws;
  readonly at: Origin;
}
