// What one call is counted for: the levels of its limits and budgets, and what each is charged.

import type { Account, Count } from "./account.ts";

/** One level: an account that the call takes from. */
export interface Level {
  readonly account: Account;
  /** What the account may use, unless it was set. */
  readonly most: number;
  readonly charge: Charge;
}

/** What a call takes from a level, and what it is charged at its end. */
export type Charge =
  /** One, and that stays. */
  | { readonly kind: "request" }
  /** One, which is given back when the call ends. */
  | { readonly kind: "slot" }
  /** What its tokens cost: 1 each where tokens are counted. */
  | {
      readonly kind: "tokens";
      /** The most that a token costs with any agent that may answer. */
      readonly dearest: Rate;
      /** By agent, where the agent that answered is known. */
      readonly byAgent: Readonly<Record<string, Rate>>;
    };

/** What a token costs, in whole numbers of the level's unit. */
export interface Rate {
  readonly input: number;
  readonly output: number;
}

/** What is known of a call at its end. */
export type Usage =
  | {
      readonly kind: "tokens";
      readonly input: number;
      readonly output: number;
      /** Who answered. */
      readonly agent?: string | undefined;
    }
  /** Nobody said: it is charged as reserved. */
  | { readonly kind: "unknown" }
  /** It never reached an agent. */
  | { readonly kind: "unsent" };

/** What a call asks for: tokens, and the least that it runs with. */
export interface Wanted {
  readonly tokens: number;
  readonly minimum: number;
}

/** How many tokens fit every level; or the first level, by its place, that does not have enough. */
export type Decision =
  | { readonly kind: "granted"; readonly tokens: number; readonly taken: readonly number[] }
  | { readonly kind: "refused"; readonly level: number };

/** The most that one call is charged, and that an account holds, so that sums stay exact. */
export const largestCharge = 1e15;
export const largestCount = Number.MAX_SAFE_INTEGER;

/** What is reserved for each token. */
export function reservedEach({ dearest }: Extract<Charge, { kind: "tokens" }>): number {
  return Math.max(dearest.input, dearest.output);
}

/** Decides over one call; `counts` are those of its levels, in the same order. */
export function decide(
  levels: readonly Pick<Level, "charge">[],
  counts: readonly Count[],
  wanted: Wanted,
): Decision {
  const least = Math.max(1, wanted.minimum);
  let tokens = wanted.tokens;
  for (const [place, { charge }] of levels.entries()) {
    const { most = 0, used = 0, reserved = 0 } = counts[place] ?? {};
    const left = most - used - reserved;
    if (charge.kind === "tokens") {
      const each = reservedEach(charge);
      if (each > 0) tokens = Math.min(tokens, Math.floor(left / each));
      if (tokens < least) return { kind: "refused", level: place };
    } else if (left < 1) {
      return { kind: "refused", level: place };
    }
  }
  const taken = levels.map(({ charge }) =>
    charge.kind === "tokens" ? tokens * reservedEach(charge) : 1,
  );
  return { kind: "granted", tokens, taken };
}

/** What a level is charged that `taken` was reserved from. */
export function charged(charge: Charge, taken: number, usage: Usage): number {
  if (charge.kind === "request") return taken;
  if (charge.kind === "slot") return 0;
  if (usage.kind === "unknown") return taken;
  if (usage.kind === "unsent") return 0;
  const known = usage.agent === undefined ? undefined : ownRate(charge.byAgent, usage.agent);
  const { input, output } = known ?? charge.dearest;
  return Math.min(largestCharge, usage.input * input + usage.output * output);
}

/**
 * What is added to a level that was charged before, now that more is known. Where the
 * account was reset since, the former charge is forgotten there, and nothing of it is given back.
 */
export function correction(amount: number, before: number, wasReset: boolean): number {
  return wasReset ? Math.max(0, amount - before) : amount - before;
}

function ownRate(rates: Readonly<Record<string, Rate>>, agent: string): Rate | undefined {
  return Object.hasOwn(rates, agent) ? rates[agent] : undefined;
}
