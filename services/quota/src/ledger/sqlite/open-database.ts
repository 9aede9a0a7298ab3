// The file that a ledger on one machine counts in.

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { textIn } from "@smartcall/runtime";
import Database from "libsql";

/** An open database. */
export type OpenDatabase = Database.Database;

/** How long a transaction waits for another process's, in milliseconds. */
const busyMs = 2_000;

/** Opens the file, and makes it and its folder where they are missing. Throws where that fails. */
export function openDatabase(file: string): OpenDatabase {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new Database(file, { timeout: busyMs });
  // A commit is on the disk when it returns, also where the power fails (sqlite.org/pragma.html).
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec(schema);
  addResets(database);
  return database;
}

/** Files of versions before do not have the column. */
function addResets(database: OpenDatabase): void {
  const columns = database.prepare("PRAGMA table_info(accounts)").all();
  if (columns.some((column) => textIn(column, "name") === "resets")) return;
  database.exec("ALTER TABLE accounts ADD COLUMN resets INTEGER NOT NULL DEFAULT 0");
}

/** Why the database did not do what was asked, in a sentence. */
export function databaseProblem(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const code = error instanceof Database.SqliteError ? error.code : "";
  return code === "SQLITE_FULL" ? `The disk is full (${said}).` : `SQLite says: ${said}.`;
}

const schema = `
CREATE TABLE IF NOT EXISTS accounts (
  name TEXT NOT NULL,
  start INTEGER NOT NULL,
  key TEXT NOT NULL,
  ends INTEGER,
  used INTEGER NOT NULL DEFAULT 0,
  reserved INTEGER NOT NULL DEFAULT 0,
  most INTEGER,
  PRIMARY KEY (name, start, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS accounts_by_end ON accounts (ends) WHERE ends IS NOT NULL;
CREATE TABLE IF NOT EXISTS reservations (
  id TEXT PRIMARY KEY,
  expires INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  levels TEXT NOT NULL,
  charged TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reservations_by_expiry ON reservations (expires);
`;
