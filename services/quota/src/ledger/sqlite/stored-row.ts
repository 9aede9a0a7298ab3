// A reservation as it is written into its row, and read back.

import { isObject, numberIn, textIn, valueIn } from "@smartcall/runtime";
import type { Account } from "../account.ts";
import type { Charge, Level, Rate } from "../level.ts";

/** A level with what was taken from it. */
export interface StoredLevel {
  readonly account: Account;
  readonly charge: Charge;
  readonly taken: number;
}

/** A row of the table of reservations. */
export interface StoredRow {
  readonly tokens: number;
  readonly levels: readonly StoredLevel[];
  /** What each level was charged, where the call is over but may still be corrected. */
  readonly charged: readonly StoredCharge[] | undefined;
}

/** What a level was charged. */
export interface StoredCharge {
  readonly amount: number;
  /** How often the account had been reset then. */
  readonly resets: number;
}

/** The levels as text. */
export function writeLevels(levels: readonly Level[], taken: readonly number[]): string {
  return JSON.stringify(
    levels.map(({ account, charge }, place): StoredLevel => {
      return { account, charge, taken: taken[place] ?? 0 };
    }),
  );
}

/** What a row says; undefined where it is none of ours. */
export function readRow(row: unknown): StoredRow | undefined {
  const tokens = numberIn(row, "tokens");
  const levels = listOf(valueIn(row, "levels"), levelOf);
  const charged = valueIn(row, "charged");
  if (tokens === undefined || levels === undefined) return undefined;
  if (charged === null) return { tokens, levels, charged: undefined };
  const amounts = listOf(charged, chargedOf);
  return amounts?.length === levels.length ? { tokens, levels, charged: amounts } : undefined;
}

function listOf<T>(
  text: unknown,
  read: (value: unknown) => T | undefined,
): readonly T[] | undefined {
  if (typeof text !== "string") return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  const items = parsed.map(read);
  const present = items.filter((item) => item !== undefined);
  return present.length === items.length ? present : undefined;
}

function chargedOf(value: unknown): StoredCharge | undefined {
  // As versions before wrote it.
  if (typeof value === "number") return { amount: value, resets: 0 };
  const amount = numberIn(value, "amount");
  const resets = numberIn(value, "resets");
  return amount === undefined || resets === undefined ? undefined : { amount, resets };
}

function levelOf(value: unknown): StoredLevel | undefined {
  const name = textIn(value, "account", "name");
  const key = valueIn(value, "account", "key");
  const start = numberIn(value, "account", "start");
  const end = numberIn(value, "account", "end");
  const taken = numberIn(value, "taken");
  const charge = chargeOf(valueIn(value, "charge"));
  if (name === undefined || typeof key !== "string" || start === undefined) return undefined;
  if (taken === undefined || charge === undefined) return undefined;
  return { account: { name, key, start, end }, charge, taken };
}

function chargeOf(value: unknown): Charge | undefined {
  const kind = valueIn(value, "kind");
  if (kind === "request" || kind === "slot") return { kind };
  const dearest = rateOf(valueIn(value, "dearest"));
  const byAgent = valueIn(value, "byAgent");
  if (kind !== "tokens" || dearest === undefined || !isObject(byAgent)) return undefined;
  const rates = Object.entries(byAgent).flatMap(([agent, rate]): [string, Rate][] => {
    const read = rateOf(rate);
    return read === undefined ? [] : [[agent, read]];
  });
  return { kind, dearest, byAgent: Object.fromEntries(rates) };
}

function rateOf(value: unknown): Rate | undefined {
  const input = numberIn(value, "input");
  const output = numberIn(value, "output");
  return input === undefined || output === undefined ? undefined : { input, output };
}
