// One transaction for all the work that comes together: a commit waits for the disk, and costs
// the same for one row and for fifty.

import type { Kept } from "../ledger.ts";

/** The part of a database that transactions need. */
export interface Transactions {
  readonly inTransaction: boolean;
  exec(sql: string): unknown;
}

/** Does work in transactions. */
export interface GroupCommit {
  /** Does the work soon, in the order of asking; settles when it is on the disk, or is not. */
  run<T>(work: () => T): Promise<Kept<T>>;
  /** Resolves when all work is done that was asked for. */
  idle(): Promise<void>;
}

/** The most work of one transaction: what came first should not wait for too many others. */
const largestGroup = 200;

interface Waiting {
  begin(): void;
  end(problem: string | undefined): void;
}

/** @param problemOf says in a sentence what a thrown error of the database means */
export function createGroupCommit(
  database: Transactions,
  problemOf: (error: unknown) => string,
): GroupCommit {
  let waiting: Waiting[] = [];
  let scheduled = false;
  let idle: (() => void)[] = [];

  const commit = (): void => {
    const group = waiting.slice(0, largestGroup);
    waiting = waiting.slice(largestGroup);
    const problem = attempt(group);
    // Alone, so that none fails for what another asked.
    const alone = problem !== undefined && group.length > 1;
    for (const each of group) each.end(alone ? attempt([each]) : problem);
    scheduled = waiting.length > 0;
    if (scheduled) {
      setImmediate(commit);
      return;
    }
    for (const resolve of idle) resolve();
    idle = [];
  };
  const attempt = (group: readonly Waiting[]): string | undefined => {
    try {
      database.exec("BEGIN IMMEDIATE");
      for (const each of group) each.begin();
      database.exec("COMMIT");
      return undefined;
    } catch (error) {
      try {
        if (database.inTransaction) database.exec("ROLLBACK");
      } catch {
        // It has rolled back by itself, as it does where the disk is full.
      }
      return problemOf(error);
    }
  };

  return {
    run: <T>(work: () => T) =>
      new Promise<Kept<T>>((resolve) => {
        let done: { readonly value: T } | undefined;
        waiting.push({
          begin() {
            done = { value: work() };
          },
          end(problem) {
            if (problem === undefined && done !== undefined)
              resolve({ ok: true, value: done.value });
            else resolve({ ok: false, problem: problem ?? "It was not done." });
          },
        });
        // What else has arrived by then is part of the same transaction.
        if (!scheduled) setImmediate(commit);
        scheduled = true;
      }),
    idle: () =>
      scheduled ? new Promise<void>((resolve) => idle.push(resolve)) : Promise.resolve(),
  };
}
