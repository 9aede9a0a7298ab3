// What every ledger does, step by step: one file of cases for all of them.

import type { Usage } from "../level.ts";
import { type Step, slot, tokens, used, window } from "./steps.test.ts";

/** A case: its steps are done in order on an empty ledger. */
export interface LedgerCase {
  readonly name: string;
  readonly steps: readonly Step[];
}

const team = { ...window, name: "team", key: "blue" };
const org = { ...window, name: "org", key: "acme" };
const money = { ...window, name: "purse", key: "acme" };
const hourly = { ...window, name: "r:3/hour/subject", key: "ann" };
const atOnce = { name: "r:1/at-once/subject", key: "ann", start: 0, end: undefined };
const unknown: Usage = { kind: "unknown" };
const unsent: Usage = { kind: "unsent" };
const priced = {
  kind: "tokens",
  dearest: { input: 1_250, output: 10_000 },
  byAgent: { cheap: { input: 1, output: 2 } },
} as const;

export const ledgerCases: readonly LedgerCase[] = [
  {
    name: "charges what was used, and gives the rest back",
    steps: [
      { reserve: "a", tokens: 100, from: [tokens(team, 1_000)], grants: 100 },
      { count: team, used: 0, reserved: 100 },
      { settle: "a", usage: used(12, 8), says: "settled" },
      { count: team, used: 20, reserved: 0 },
    ],
  },
  {
    name: "settles once, and knows nothing of what was never reserved",
    steps: [
      { reserve: "a", tokens: 100, from: [tokens(team, 1_000)], grants: 100 },
      { settle: "a", usage: used(5, 5), says: "settled" },
      { settle: "a", usage: used(50, 50), says: "unknown" },
      { settle: "b", usage: used(50, 50), says: "unknown" },
      { count: team, used: 10, reserved: 0 },
    ],
  },
  {
    name: "takes from all levels, or from none",
    steps: [
      { reserve: "a", tokens: 90, from: [tokens(team, 1_000), tokens(org, 100)], grants: 90 },
      {
        reserve: "b",
        tokens: 90,
        minimum: 50,
        from: [tokens(team, 1_000), tokens(org, 100)],
        refusedBy: 1,
      },
      { count: team, used: 0, reserved: 90 },
      { count: org, used: 0, reserved: 90 },
      { settle: "a", usage: used(1, 2), says: "settled" },
      { count: team, used: 3, reserved: 0 },
      { count: org, used: 3, reserved: 0 },
    ],
  },
  {
    name: "grants less where less is left, down to the minimum",
    steps: [
      { reserve: "a", tokens: 70, minimum: 10, from: [tokens(team, 100)], grants: 70 },
      { reserve: "b", tokens: 70, minimum: 10, from: [tokens(team, 100)], grants: 30 },
      { reserve: "c", tokens: 70, minimum: 10, from: [tokens(team, 100)], refusedBy: 0 },
      { settle: "b", usage: used(20, 1), says: "settled" },
      { reserve: "d", tokens: 70, minimum: 10, from: [tokens(team, 100)], refusedBy: 0 },
      { settle: "a", usage: used(60, 0), says: "settled" },
      { reserve: "e", tokens: 70, minimum: 10, from: [tokens(team, 100)], grants: 19 },
    ],
  },
  {
    name: "takes nothing more for an id that it has, and says the same",
    steps: [
      { reserve: "a", tokens: 70, from: [tokens(team, 100)], grants: 70 },
      { reserve: "a", tokens: 70, from: [tokens(team, 100)], grants: 70 },
      { count: team, used: 0, reserved: 70 },
    ],
  },
  {
    name: "charges as reserved where nobody says what was used, and nothing where it was not sent",
    steps: [
      { reserve: "a", tokens: 60, from: [tokens(team, 1_000)], grants: 60 },
      { reserve: "b", tokens: 60, from: [tokens(team, 1_000)], grants: 60 },
      { settle: "a", usage: unknown, says: "settled" },
      { settle: "b", usage: unsent, says: "settled" },
      { count: team, used: 60, reserved: 0 },
    ],
  },
  {
    name: "charges the excess of one that used more than it reserved",
    steps: [
      { reserve: "a", tokens: 60, from: [tokens(team, 100)], grants: 60 },
      { settle: "a", usage: used(200, 300), says: "settled" },
      { count: team, used: 500, reserved: 0 },
      { reserve: "b", tokens: 60, from: [tokens(team, 100)], refusedBy: 0 },
    ],
  },
  {
    name: "charges as reserved what never settled, when it expires, and not before",
    steps: [
      { reserve: "a", tokens: 60, from: [tokens(team, 100)], grants: 60, lastsMs: 5_000 },
      { expireAtMs: 4_999, charges: 0 },
      { count: team, used: 0, reserved: 60 },
      { expireAtMs: 5_000, charges: 1 },
      { expireAtMs: 5_001, charges: 0 },
      { count: team, used: 60, reserved: 0 },
    ],
  },
  {
    name: "corrects what expired by a late settle, up and down, once",
    steps: [
      { reserve: "a", tokens: 60, from: [tokens(team, 1_000)], grants: 60, lastsMs: 10 },
      { reserve: "b", tokens: 60, from: [tokens(team, 1_000)], grants: 60, lastsMs: 10 },
      { expireAtMs: 10, charges: 2 },
      { settle: "a", usage: used(10, 0), says: "settled" },
      { settle: "b", usage: used(0, 90), says: "settled" },
      { settle: "b", usage: used(0, 90), says: "unknown" },
      { count: team, used: 100, reserved: 0 },
    ],
  },
  {
    name: "gives back what is released, and charges it where it ran after all",
    steps: [
      { reserve: "a", tokens: 60, from: [tokens(team, 1_000), slot(atOnce, 1)], grants: 60 },
      { release: "a", says: "settled" },
      { count: team, used: 0, reserved: 0 },
      { release: "a", says: "unknown" },
      { settle: "a", usage: used(7, 0), says: "settled" },
      { count: team, used: 7, reserved: 0 },
      { release: "nobody", says: "unknown" },
    ],
  },
  {
    name: "counts requests that stay, and calls at once that end",
    steps: [
      {
        reserve: "a",
        from: [{ account: hourly, most: 2, charge: { kind: "request" } }, slot(atOnce, 1)],
        grants: 0,
      },
      {
        reserve: "b",
        from: [{ account: hourly, most: 2, charge: { kind: "request" } }, slot(atOnce, 1)],
        refusedBy: 1,
      },
      { count: hourly, used: 0, reserved: 1 },
      { settle: "a", usage: unsent, says: "settled" },
      {
        reserve: "c",
        from: [{ account: hourly, most: 2, charge: { kind: "request" } }, slot(atOnce, 1)],
        grants: 0,
        lastsMs: 10,
      },
      { expireAtMs: 10, charges: 1 },
      {
        reserve: "d",
        from: [{ account: hourly, most: 2, charge: { kind: "request" } }, slot(atOnce, 1)],
        refusedBy: 0,
      },
      { count: hourly, used: 2, reserved: 0 },
    ],
  },
  {
    name: "reserves money by the dearest token, and charges by who answered, where that is known",
    steps: [
      {
        reserve: "a",
        tokens: 100,
        from: [{ account: money, most: 1_500_000, charge: priced }],
        grants: 100,
      },
      { count: money, used: 0, reserved: 1_000_000 },
      {
        reserve: "b",
        tokens: 100,
        minimum: 1,
        from: [{ account: money, most: 1_500_000, charge: priced }],
        grants: 50,
      },
      { settle: "a", usage: used(10, 20), says: "settled" },
      { settle: "b", usage: { ...used(10, 20), agent: "cheap" }, says: "settled" },
      { count: money, used: 10 * 1_250 + 20 * 10_000 + 50, reserved: 0 },
      {
        reserve: "c",
        tokens: 1,
        from: [{ account: money, most: 1_500_000, charge: priced }],
        grants: 1,
      },
      { settle: "c", usage: { ...used(1, 1), agent: "constructor" }, says: "settled" },
      { count: money, used: 212_550 + 11_250, reserved: 0 },
    ],
  },
  {
    name: "keeps sums of more than fourteen digits whole",
    steps: [
      {
        reserve: "a",
        tokens: 3,
        from: [
          {
            account: money,
            most: 9_007_199_254_740_991,
            charge: {
              kind: "tokens",
              dearest: { input: 333_333_333_333_331, output: 1 },
              byAgent: {},
            },
          },
        ],
        grants: 3,
      },
      { count: money, used: 0, reserved: 999_999_999_999_993 },
      { settle: "a", usage: used(2, 1), says: "settled" },
      { count: money, used: 666_666_666_666_663, reserved: 0 },
    ],
  },
  {
    name: "charges the window that was reserved from, though another runs when it settles",
    steps: [
      { reserve: "a", tokens: 60, from: [tokens(team, 100)], grants: 60 },
      { reserve: "b", tokens: 60, from: [tokens(nextWindow(team), 100)], grants: 60 },
      { settle: "a", usage: used(50, 0), says: "settled" },
      { count: team, used: 50, reserved: 0 },
      { count: nextWindow(team), used: 0, reserved: 60 },
    ],
  },
  {
    name: "lets an account be set, raised and reset, and keeps what is reserved",
    steps: [
      { reserve: "a", tokens: 60, from: [tokens(team, 100)], grants: 60 },
      { settle: "a", usage: used(60, 0), says: "settled" },
      { reserve: "b", tokens: 60, minimum: 60, from: [tokens(team, 100)], refusedBy: 0 },
      { raise: team, by: 20, most: 100, to: 120 },
      { reserve: "b", tokens: 60, minimum: 60, from: [tokens(team, 100)], grants: 60 },
      { raise: team, by: 30, most: 100, to: 150 },
      { set: team, most: 500 },
      { count: team, used: 60, reserved: 60, set: 500 },
      { reserve: "c", tokens: 380, minimum: 380, from: [tokens(team, 100)], grants: 380 },
      { settle: "c", usage: unsent, says: "settled" },
      { reset: team },
      { count: team, used: 0, reserved: 60 },
      { settle: "b", usage: used(10, 0), says: "settled" },
      { count: team, used: 10, reserved: 0 },
    ],
  },
  {
    name: "gives back nothing after a reset of what was charged before it, and charges what was more",
    steps: [
      { reserve: "a", tokens: 60, from: [tokens(team, 1_000)], grants: 60, lastsMs: 10 },
      { reserve: "b", tokens: 60, from: [tokens(team, 1_000)], grants: 60, lastsMs: 10 },
      { expireAtMs: 10, charges: 2 },
      { count: team, used: 120, reserved: 0 },
      { reset: team },
      { reserve: "c", tokens: 50, from: [tokens(team, 1_000)], grants: 50, lastsMs: 5_000 },
      { reserve: "d", tokens: 40, from: [tokens(team, 1_000)], grants: 40 },
      { settle: "d", usage: used(30, 0), says: "settled" },
      { settle: "a", usage: used(10, 0), says: "settled" },
      { count: team, used: 30, reserved: 50 },
      { settle: "b", usage: used(0, 90), says: "settled" },
      { count: team, used: 60, reserved: 50 },
      { expireAtMs: 5_000, charges: 1 },
      { settle: "c", usage: used(5, 0), says: "settled" },
      { count: team, used: 65, reserved: 0 },
    ],
  },
  {
    name: "lists the accounts of a name and window by key, with odd names told apart",
    steps: [
      { reserve: "a", tokens: 1, from: [tokens({ ...team, key: 'q"*?[x]' }, 9)], grants: 1 },
      { reserve: "b", tokens: 2, from: [tokens({ ...team, key: "" }, 9)], grants: 2 },
      { reserve: "c", tokens: 3, from: [tokens(nextWindow(team), 9)], grants: 3 },
      { reserve: "d", tokens: 4, from: [tokens({ ...team, name: "team2" }, 9)], grants: 4 },
      { list: team, keys: ["", 'q"*?[x]'] },
      { list: nextWindow(team), keys: ["blue"] },
      { list: { ...team, name: "*" }, keys: [] },
    ],
  },
  {
    name: "forgets what is long over",
    steps: [
      { reserve: "a", tokens: 60, from: [tokens(team, 100)], grants: 60, lastsMs: 10 },
      { expireAtMs: 10, charges: 1 },
      { expireAtMs: 10 + 24 * 60 * 60 * 1000, charges: 0 },
      { settle: "a", usage: used(1, 1), says: "unknown" },
      { count: team, used: 60, reserved: 0 },
    ],
  },
];

function nextWindow<T extends { readonly start: number; readonly end: number }>(account: T): T {
  return { ...account, start: account.end, end: 2 * account.end - account.start };
}
