// The ledger of one machine: SQLite, durable, one file.

import type { Account, AccountCount, Count } from "../account.ts";
import {
  correctableMs,
  type Expired,
  type Kept,
  type Ledger,
  type Reservation,
  type Reserved,
} from "../ledger.ts";
import { charged, correction, decide, type Level, largestCount, type Usage } from "../level.ts";
import { createGroupCommit } from "./group-commit.ts";
import { databaseProblem, openDatabase } from "./open-database.ts";
import { createRows, type Rows } from "./rows.ts";
import { type StoredCharge, type StoredRow, writeLevels } from "./stored-row.ts";

/** How many calls one `expire` charges. */
const expiredAtOnce = 200;

/**
 * Counts in a file, which is made where it is missing. Several processes of one
 * machine may count in the same.
 *
 * @param pages the most that the file may grow to, in pages of 4 KiB; without it,
 *   as the disk allows
 */
export function openSqliteLedger(file: string, pages?: number): Kept<Ledger> {
  try {
    const database = openDatabase(file);
    if (pages !== undefined) database.exec(`PRAGMA max_page_count = ${pages}`);
    const commit = createGroupCommit(database, databaseProblem);
    const rows = createRows(database);
    return {
      ok: true,
      value: ledgerOf(rows, commit.run, async () => {
        await commit.idle();
        database.close();
      }),
    };
  } catch (error) {
    return { ok: false, problem: `${file} cannot be used: ${databaseProblem(error)}` };
  }
}

type Run = <T>(work: () => T) => Promise<Kept<T>>;

function ledgerOf(rows: Rows, run: Run, close: () => Promise<void>): Ledger {
  return {
    reserve: (reservation) => run(() => reserve(rows, reservation)),
    settle: (id, usage) => run(() => settle(rows, id, usage)),
    release: (id, now) => run(() => release(rows, id, now)),
    expire: (now) => run(() => expire(rows, now)),
    list: (name, start, limit) => run(() => rows.list(name, start, limit)),
    set: (account, most) => run(() => setMost(rows, account, most)),
    raise: (account, by, most) =>
      run(() => {
        const raised = (rows.count(account).set ?? most) + by;
        return setMost(rows, account, Math.min(largestCount, raised));
      }),
    reset: (account) =>
      run(() => {
        rows.forgetUsed(account);
        return rows.count(account);
      }),
    close,
  };
}

function reserve(rows: Rows, { id, expires, wanted, levels }: Reservation): Reserved {
  const before = rows.find(id);
  if (before !== undefined) {
    const counts = levels.map((level) => countOf(rows, level));
    return { kind: "granted", tokens: before.tokens, counts };
  }
  const counts = levels.map((level) => countOf(rows, level));
  const decision = decide(levels, counts, wanted);
  if (decision.kind === "refused") {
    const { level } = decision;
    return { kind: "refused", level, count: counts[level] ?? { most: 0, used: 0, reserved: 0 } };
  }
  const { tokens, taken } = decision;
  rows.insert(id, expires, tokens, writeLevels(levels, taken));
  for (const [place, { account }] of levels.entries()) rows.add(account, 0, taken[place] ?? 0);
  return {
    kind: "granted",
    tokens,
    counts: counts.map((count, place) => ({
      ...count,
      reserved: count.reserved + (taken[place] ?? 0),
    })),
  };
}

function countOf(rows: Rows, { account, most }: Level): Count {
  const { used, reserved, set } = rows.count(account);
  return { most: set ?? most, used, reserved };
}

function settle(rows: Rows, id: string, usage: Usage): "settled" | "unknown" {
  const row = rows.find(id);
  if (row === undefined) return "unknown";
  chargeLevels(rows, row, usage);
  rows.remove(id);
  return "settled";
}

function release(rows: Rows, id: string, now: number): "settled" | "unknown" {
  const row = rows.find(id);
  if (row === undefined || row.charged !== undefined) return "unknown";
  rows.charge(id, chargeLevels(rows, row, { kind: "unsent" }), now + correctableMs);
  return "settled";
}

function expire(rows: Rows, now: number): Expired {
  const ids = rows.expired(now, expiredAtOnce);
  let count = 0;
  for (const id of ids) {
    const row = rows.find(id);
    if (row === undefined || row.charged !== undefined) {
      rows.remove(id);
      continue;
    }
    rows.charge(id, chargeLevels(rows, row, { kind: "unknown" }), now + correctableMs);
    count += 1;
  }
  rows.forgetAccounts(now);
  return { charged: count, more: ids.length === expiredAtOnce };
}

/** Charges the accounts that the call took from, and says what it charged each. */
function chargeLevels(rows: Rows, row: StoredRow, usage: Usage): readonly StoredCharge[] {
  return row.levels.map(({ account, charge, taken }, place) => {
    const amount = charged(charge, taken, usage);
    const resets = rows.resets(account);
    const before = row.charged?.[place];
    if (before === undefined) rows.add(account, amount, -taken);
    else rows.add(account, correction(amount, before.amount, before.resets !== resets), 0);
    return { amount, resets };
  });
}

function setMost(rows: Rows, account: Account, most: number): AccountCount {
  rows.set(account, most);
  return rows.count(account);
}
