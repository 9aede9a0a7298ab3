// What a gateway is answered: go on, or not, and what the caller is told.

import type { Count } from "../ledger/account.ts";
import type { Reserved } from "../ledger/ledger.ts";
import { type Level, reservedEach, type Wanted } from "../ledger/level.ts";
import type { Rule } from "../policy/plan.ts";

/** Headers by name. */
export type Headers = readonly (readonly [string, string])[];

/** An answer. */
export interface Verdict {
  readonly granted: boolean;
  /** For the agent. */
  readonly request: Headers;
  /** For the caller. */
  readonly response: Headers;
}

/** For the end of a call, where there is nothing to decide. */
export const noted: Verdict = { granted: true, request: [], response: [] };

/** How long a caller waits where a call that runs may give back what is missing, in seconds. */
const soonSeconds = 1;

/** What came of a reservation, in the words of headers; `rules` and `levels` are in one order. */
export function verdictOf(
  reserved: Reserved,
  rules: readonly Rule[],
  levels: readonly Level[],
  asked: { readonly now: number; readonly wanted: Wanted | undefined },
): Verdict {
  if (reserved.kind === "granted") {
    const tightest = tightestOf(rules, reserved.counts);
    const level = tightest === undefined ? undefined : levels[tightest];
    const count = tightest === undefined ? undefined : reserved.counts[tightest];
    return {
      granted: true,
      request: [
        // By this the edge knows that the call was counted; else it says on the answer that it was not.
        ["smartcall-quota", "counted"],
        ...(asked.wanted === undefined
          ? []
          : grant(reserved, rules, levels, { now: asked.now, of: asked.wanted.tokens })),
      ],
      response: level === undefined || count === undefined ? [] : left(count, level, asked.now),
    };
  }
  const rule = rules[reserved.level];
  const level = levels[reserved.level];
  if (rule === undefined || level === undefined)
    return { granted: false, request: [], response: [] };
  const { count } = reserved;
  const reset = secondsLeft(level, asked.now);
  const wait = comesBack(count, level, asked.wanted?.minimum)
    ? Math.min(soonSeconds, reset)
    : reset;
  return {
    granted: false,
    request: [],
    response: [
      ["smartcall-reason", rule.reason],
      ["smartcall-rule", rule.name],
      ["retry-after", `${wait}`],
      // What is left of money is nothing that a caller can count.
      ...(rule.unit === "nanos" ? [] : left(count, level, asked.now)),
    ],
  };
}

/** What a call may use; and of how much, or what left it less, for those whom that is too little. */
function grant(
  { tokens, counts }: Extract<Reserved, { kind: "granted" }>,
  rules: readonly Rule[],
  levels: readonly Level[],
  { now, of: reserve }: { readonly now: number; readonly of: number },
): Headers {
  const granted = ["smartcall-grant", `${tokens}`] as const;
  let of = reserve;
  for (const [place, { charge }] of levels.entries()) {
    // Where a whole budget is less than a reserve, no call ever gets that.
    const whole = counts[place]?.most ?? Number.POSITIVE_INFINITY;
    if (charge.kind === "tokens" && reservedEach(charge) > 0)
      of = Math.min(of, Math.floor(whole / reservedEach(charge)));
  }
  let least = Number.POSITIVE_INFINITY;
  let cut = "";
  for (const [place, level] of levels.entries()) {
    const count = counts[place];
    if (tokens >= of || count === undefined || level.charge.kind !== "tokens") continue;
    const more = remaining(count) / reservedEach(level.charge);
    if (!(more < least)) continue;
    least = more;
    cut = `;rule=${rules[place]?.name};reset=${secondsLeft(level, now)}`;
  }
  return [granted, ["smartcall-budget", `of=${of}${cut}`]];
}

/** Whether there would be enough if the calls that run used nothing. */
function comesBack(count: Count, { charge }: Level, minimum = 1): boolean {
  if (charge.kind !== "tokens") return charge.kind === "slot";
  return count.most - count.used >= Math.max(1, minimum) * reservedEach(charge);
}

/** Of the limits by the hour or day, the one with the smallest share left. */
function tightestOf(rules: readonly Rule[], counts: readonly Count[]): number | undefined {
  let tightest: number | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (const [place, { charge }] of rules.entries()) {
    const count = counts[place];
    if (count === undefined || charge.kind !== "request") continue;
    const share = remaining(count) / Math.max(1, count.most);
    if (share >= smallest) continue;
    smallest = share;
    tightest = place;
  }
  return tightest;
}

function left(count: Count, level: Level, now: number): Headers {
  return [
    ["x-ratelimit-limit", `${count.most}`],
    ["x-ratelimit-remaining", `${remaining(count)}`],
    ["x-ratelimit-reset", `${secondsLeft(level, now)}`],
  ];
}

function remaining({ most, used, reserved }: Count): number {
  return Math.max(0, most - used - reserved);
}

/** Until the window's end; slots come back at any moment. */
function secondsLeft({ account }: Level, now: number): number {
  if (account.end === undefined) return soonSeconds;
  return Math.max(1, Math.ceil((account.end - now) / 1000));
}
