// Who may use a route, and how much, in words.

import { printable } from "@smartcall/runtime";
import { moneyText } from "../../config/index.ts";
import type { Allow, ClaimRule } from "../../model/allow.ts";
import type { Amount, BudgetKey, BudgetUse } from "../../model/budget.ts";
import type { Counted, Limit } from "../../model/limit.ts";

/** Such as `needs scope agents:invoke and claim plan gold or silver`. */
export function allowWords(allow: Allow): string {
  if (allow.kind === "public") return "public: no token is needed";
  const { addresses, certificates, claims = {}, scopes, withoutToken } = allow;
  const needs = [
    ...(scopes.length === 0 ? [] : [`scope ${scopes.join(" and ")}`]),
    ...Object.entries(claims).map(([name, rule]) => `claim ${name}${ruleWords(rule)}`),
    ...(certificates === undefined ? [] : [`a certificate for ${either(certificates)}`]),
    ...(addresses === undefined ? [] : [`an address in ${either(addresses)}`]),
  ];
  const isPlain = scopes.length === 0 && Object.keys(claims).length === 0;
  const all = isPlain && withoutToken !== true ? ["a token", ...needs] : needs;
  const words = `needs ${all.join(" and ")}`;
  return printable(withoutToken === true ? `${words}, but no token` : words);
}

/** Such as `60 calls per minute for each subject, 4 at once for each value of claim team`. */
export function limitsWords(limits: readonly Limit[]): string {
  const words = limits.map((limit) => {
    const count =
      limit.kind === "concurrent"
        ? `${limit.calls} at once`
        : `${limit.requests} ${limit.requests === 1 ? "call" : "calls"} per ${limit.per}`;
    return `${count} ${countedWords(limit.by)}`;
  });
  return printable(`at most ${words.join(", ")}`);
}

/** Such as `paid from team, 4000 tokens reserved, at least 100`. */
export function budgetUseWords({ minimum, of, reserve, unavailable }: BudgetUse): string {
  const paid = `paid from ${of}, ${reserve} tokens reserved, at least ${minimum}`;
  return unavailable === "allow" ? `${paid}, unpaid while the quota service is away` : paid;
}

/** Such as `2000000 tokens per day for each value of claim team, within org`. */
export function budgetWords(budget: {
  readonly amount: Amount;
  readonly by: BudgetKey;
  readonly per: string;
  readonly within?: string | undefined;
}): string {
  const { amount, by, per, within } = budget;
  const whole =
    amount.kind === "tokens" ? `${amount.tokens} tokens` : `${moneyText(amount.nanos)} in money`;
  const words = `${whole} per ${per} ${countedWords(by)}`;
  return printable(within === undefined ? words : `${words}, within ${within}`);
}

/** Such as `1.25 for a million tokens read, 10 written`. */
export function priceWords(price: {
  readonly inputNanos: number;
  readonly outputNanos: number;
}): string {
  const { inputNanos, outputNanos } = price;
  return `${inputNanos / 1_000} for a million tokens read, ${outputNanos / 1_000} written`;
}

function countedWords(by: Counted | BudgetKey): string {
  switch (by.kind) {
    case "subject":
      return "for each subject";
    case "claim":
      return `for each value of claim ${by.claim}`;
    case "address":
      return "for each address";
    case "route":
    case "mesh":
      return "for all together";
  }
}

function ruleWords(rule: ClaimRule): string {
  return rule === "present" ? "" : ` ${either(rule)}`;
}

/** Such as `a, b or c`. */
export function either(values: readonly string[]): string {
  const shown = values.map((value) => (value === "" ? '""' : value));
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} or ${last}`;
}
