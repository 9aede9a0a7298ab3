// The two tables of a ledger, in the words of the ledger.

import { numberIn, textIn, valueIn } from "@smartcall/runtime";
import type { Account, AccountCount } from "../account.ts";
import { rememberedMs } from "../account.ts";
import { largestCount } from "../level.ts";
import type { OpenDatabase } from "./open-database.ts";
import { readRow, type StoredCharge, type StoredRow } from "./stored-row.ts";

/** Reads and writes both tables; all of it inside a transaction of the caller's. */
export interface Rows {
  count(account: Account): AccountCount;
  list(name: string, start: number, limit: number): readonly AccountCount[];
  /** Adds to what was used and what is reserved; neither falls below 0. Forgets a slot that nobody holds. */
  add(account: Account, used: number, reserved: number): void;
  /** Says what it may use; undefined: as nothing was set. */
  set(account: Account, most: number | undefined): void;
  forgetUsed(account: Account): void;
  /** How often its use was forgotten. */
  resets(account: Account): number;
  find(id: string): StoredRow | undefined;
  insert(id: string, expires: number, tokens: number, levels: string): void;
  /** Keeps it as over, to be forgotten after `until`. */
  charge(id: string, charged: readonly StoredCharge[], until: number): void;
  remove(id: string): void;
  /** The ids of those that expired, the longest ago first. */
  expired(now: number, limit: number): readonly string[];
  /** Forgets windows that are long over. */
  forgetAccounts(now: number): void;
}

/** The rows of an open database. */
export function createRows(database: OpenDatabase): Rows {
  const one = (sql: string) => database.prepare(sql);
  const count = one(
    "SELECT used, reserved, most FROM accounts WHERE name = ? AND start = ? AND key = ?",
  );
  const list = one(
    "SELECT key, ends, used, reserved, most FROM accounts WHERE name = ? AND start = ? ORDER BY key LIMIT ?",
  );
  const add = one(
    `INSERT INTO accounts (name, start, key, ends, used, reserved) VALUES (?, ?, ?, ?, max(0, ?5), max(0, ?6))
     ON CONFLICT DO UPDATE SET used = min(${largestCount}, max(0, used + ?5)), reserved = max(0, reserved + ?6)`,
  );
  const set = one(
    `INSERT INTO accounts (name, start, key, ends, most) VALUES (?, ?, ?, ?, ?5)
     ON CONFLICT DO UPDATE SET most = ?5`,
  );
  const forgetUsed = one(
    "UPDATE accounts SET used = 0, most = NULL, resets = resets + 1 WHERE name = ? AND start = ? AND key = ?",
  );
  const resets = one("SELECT resets FROM accounts WHERE name = ? AND start = ? AND key = ?");
  const find = one("SELECT tokens, levels, charged FROM reservations WHERE id = ?");
  const insert = one("INSERT INTO reservations (id, expires, tokens, levels) VALUES (?, ?, ?, ?)");
  const charge = one("UPDATE reservations SET charged = ?, expires = ? WHERE id = ?");
  const remove = one("DELETE FROM reservations WHERE id = ?");
  const expired = one(
    "SELECT id FROM reservations WHERE expires <= ? ORDER BY expires, id LIMIT ?",
  );
  const forgetWindows = one("DELETE FROM accounts WHERE ends <= ? AND reserved = 0");
  const forgetSlot = one(
    "DELETE FROM accounts WHERE name = ? AND start = ? AND key = ? AND reserved = 0",
  );

  const counted = (account: Account, row: unknown): AccountCount => ({
    account,
    used: numberIn(row, "used") ?? 0,
    reserved: numberIn(row, "reserved") ?? 0,
    set: numberIn(row, "most"),
  });
  return {
    count: (account) => counted(account, count.get(account.name, account.start, account.key)),
    list: (name, start, limit) =>
      list.all(name, start, limit).map((row) => {
        const key = textIn(row, "key") ?? "";
        return counted({ name, start, key, end: numberIn(row, "ends") }, row);
      }),
    add({ name, start, key, end }, used, reserved) {
      add.run(name, start, key, end ?? null, used, reserved);
      if (end === undefined && reserved < 0) forgetSlot.run(name, start, key);
    },
    set({ name, start, key, end }, most) {
      set.run(name, start, key, end ?? null, most ?? null);
    },
    forgetUsed: ({ name, start, key }) => void forgetUsed.run(name, start, key),
    resets: ({ name, start, key }) => numberIn(resets.get(name, start, key), "resets") ?? 0,
    find: (id) => readRow(find.get(id)),
    insert: (id, expires, tokens, levels) => void insert.run(id, expires, tokens, levels),
    charge: (id, charged, until) => void charge.run(JSON.stringify(charged), until, id),
    remove: (id) => void remove.run(id),
    expired: (now, limit) => expired.all(now, limit).map((row) => String(valueIn(row, "id"))),
    forgetAccounts: (now) => void forgetWindows.run(now - rememberedMs),
  };
}
