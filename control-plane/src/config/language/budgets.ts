// `budgets`, `prices`, and a route's `budget`: what callers may spend.

import type { BudgetConfig, BudgetKey, BudgetUseConfig, PriceConfig } from "../policy-config.ts";
import { decimal } from "../schema/amounts.ts";
import { type KeyRule, type Located, located, mapOf } from "../schema/collections.ts";
import { object, optional, required } from "../schema/object.ts";
import { checkName, name, namePattern, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { oneOf } from "../schema/words.ts";
import { callerKey } from "./caller-key.ts";

/** The least that a call runs with where a route does not say, in tokens. */
export const standardMinimum = 100;

const most = 1_000_000_000_000;
const mostMoney = 1_000_000;

const key: Type<BudgetKey> = callerKey(["subject", "mesh"]);

const budgetName: KeyRule = {
  words: "a budget's name",
  pattern: namePattern.source,
  // What is refused as a name here is refused where a route has it too.
  check: (written, at, report) =>
    checkName(written, "a budget", at, (found) => report(found, true)),
};

const agentName: KeyRule = {
  words: "an agent's name",
  pattern: namePattern.source,
  check: (written, at, report) => checkName(written, "an agent", at, report),
};

const nothing = () => undefined;

const budget = object<Omit<BudgetConfig, "at" | "flawed">>(
  "a budget",
  {
    by: required(
      located(key),
      {
        about:
          "Whose it is: each `subject`, each value of a claim, or the whole `mesh` has one of its own. Callers whose token lacks the claim share one.",
        example: "claim:team",
      },
      (at): Located<BudgetKey> => ({ value: { kind: "mesh" }, at }),
    ),
    tokens: optional(
      located(wholeNumber(1, most)),
      { about: "How many tokens may be used in each window.", example: "2000000" },
      nothing,
    ),
    money: optional(
      located(decimal({ min: 0.000000001, max: mostMoney, places: 9, example: "money: 500" })),
      {
        about:
          "Instead of `tokens`: how much may be spent, in whatever unit `prices` are written in.",
        example: "500",
      },
      nothing,
    ),
    per: required(
      oneOf(["hour", "day", "month"]),
      { about: "The window. It begins with the hour, day or month of UTC.", example: "day" },
      () => "day",
    ),
    within: optional(
      located(name("a budget")),
      {
        about: "The budget that what is spent here counts for too: a call needs both.",
        example: "org",
      },
      nothing,
    ),
  },
  { advice: "Write `{ by: claim:team, tokens: 2000000, per: day }`." },
);

/** `budgets`. */
export const budgets: Type<ReadonlyMap<string, Located<BudgetConfig>>> = mapOf(
  budgetName,
  budget,
  "Write budgets as `NAME: { by: claim:team, tokens: 2000000, per: day }`.",
);

/** A thousandth for a million tokens is a billionth for one. */
const each = decimal({ min: 0, max: mostMoney, places: 3, example: "1.25" });

const price: Type<PriceConfig> = object<Omit<PriceConfig, "at" | "flawed">>(
  "a price",
  {
    input: required(
      each,
      { about: "For a million tokens that the agent reads.", example: "1.25" },
      () => 0,
    ),
    output: required(
      each,
      { about: "For a million tokens that it writes.", example: "10" },
      () => 0,
    ),
  },
  { advice: "Write `{ input: 1.25, output: 10 }`: for a million tokens." },
);

/** `prices`. */
export const prices: Type<ReadonlyMap<string, Located<PriceConfig>>> = mapOf(
  agentName,
  price,
  "Write prices as `AGENT: { input: 1.25, output: 10 }`, for a million tokens.",
);

/** `budget` of a route. */
export const budgetUse: Type<BudgetUseConfig> = object<Omit<BudgetUseConfig, "at" | "flawed">>(
  "`budget`",
  {
    of: required(
      located(name("a budget")),
      { about: "The budget that calls are paid from, one of `budgets`.", example: "team" },
      (at) => ({ value: "", at }),
    ),
    reserve: required(
      located(wholeNumber(1, most)),
      {
        about:
          "How many tokens are taken before a call runs; what it does not use is given back. A call never uses more: its answer ends there, with finish reason `budget`.",
        example: "4000",
      },
      (at) => ({ value: 1, at }),
    ),
    minimum: optional(
      located(wholeNumber(1, most)),
      {
        about:
          "Where less than `reserve` is left, a call runs with what is left, but is refused below this.",
        example: "500",
        standard: `the lesser of ${standardMinimum} and \`reserve\``,
      },
      nothing,
    ),
    unavailable: optional(
      oneOf(["refuse", "allow"]),
      {
        about:
          "What becomes of calls while the quota service does not answer: they are refused, or run unpaid.",
        example: "allow",
        standard: "refuse",
      },
      () => "refuse",
    ),
  },
  { advice: "Write `{ of: BUDGET, reserve: 4000 }`." },
);
