// The ends of calls: written down at once, or kept in memory and tried again until they are.

import type { Clock } from "@smartcall/runtime";
import type { Ledger } from "../ledger/ledger.ts";
import type { Usage } from "../ledger/level.ts";
import type { Trouble } from "./trouble.ts";

/** The most that wait; the oldest beyond are dropped, and their calls charged as reserved. */
export const mostWaiting = 100_000;
const retryMs = 500;
/** How many are tried together. */
const together = 500;

/** Settles calls. */
export interface Settles {
  /** Resolves when it was tried once; then it is written down, or waits. */
  settle(id: string, usage: Usage): Promise<"settled" | "unknown" | "waits">;
  waiting(): number;
  /** Tries once more what waits, and then gives it up. */
  close(): Promise<void>;
}

/** What settling needs. */
export interface SettlesOptions {
  readonly ledger: Pick<Ledger, "settle">;
  readonly clock: Clock;
  readonly trouble: Trouble;
  readonly dropped: () => void;
}

/** Settles with a ledger that may fail for a while. */
export function createSettles({ ledger, clock, trouble, dropped }: SettlesOptions): Settles {
  const waiting = new Map<string, Usage>();
  let disarm: (() => void) | undefined;

  const attempt = async (id: string, usage: Usage): Promise<"settled" | "unknown" | "waits"> => {
    const answer = await ledger.settle(id, usage);
    if (answer.ok) {
      if (answer.value === "settled") trouble.worked();
      return answer.value;
    }
    trouble.failed(answer.problem);
    return "waits";
  };
  const keep = (id: string, usage: Usage): void => {
    waiting.set(id, usage);
    if (waiting.size > mostWaiting) {
      const [oldest] = waiting.keys();
      if (oldest !== undefined) waiting.delete(oldest);
      dropped();
    }
    disarm ??= clock.after(retryMs, retry);
  };
  const retry = (): void => {
    disarm = undefined;
    retryAll().then(
      () => {
        if (waiting.size > 0) disarm ??= clock.after(retryMs, retry);
      },
      (error: unknown) => trouble.failed(String(error)),
    );
  };
  /** As long as they are taken. */
  const retryAll = async (): Promise<void> => {
    for (;;) {
      const some = [...waiting].slice(0, together);
      const results = await Promise.all(some.map(([id, usage]) => attempt(id, usage)));
      for (const [place, [id]] of some.entries()) {
        if (results[place] !== "waits") waiting.delete(id);
      }
      if (some.length === 0 || results.includes("waits")) return;
    }
  };
  return {
    async settle(id, usage) {
      const result = await attempt(id, usage);
      if (result === "waits") keep(id, usage);
      return result;
    },
    waiting: () => waiting.size,
    async close() {
      disarm?.();
      await retryAll();
      waiting.clear();
    },
  };
}
