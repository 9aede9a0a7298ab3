// The figures of a test under load, and their table.
import { percentile } from "../harness/percentile.ts";
import type { CallsResult } from "./calls.ts";
import type { Obeyed } from "./obeyed.ts";
import type { StreamsResult } from "./streams.ts";

/** What is told of one kind of change. Times are in milliseconds. */
export interface Figures {
  readonly name: string;
  readonly changes: number;
  /** The longest from a change until it is known to be served. */
  readonly longestChangeMs: number;
  /** The longest from a save until a call obeyed it, where that was looked at. */
  readonly longestObeyedMs: number | undefined;
  readonly calls: number;
  readonly perSecond: number;
  readonly failed: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
  readonly events: number;
  readonly longestWaitMs: number;
}

/** Of one kind of change, by how long each took and what was seen meanwhile. */
export function figuresOf(
  name: string,
  changes: { readonly ms: readonly number[]; readonly obeyed: readonly Obeyed[] },
  { calls, failures, ms, perSecond }: CallsResult,
  { events, longestWaitMs }: StreamsResult,
): Figures {
  const at = (share: number): number => percentile(ms, share);
  return {
    name,
    changes: changes.ms.length,
    longestChangeMs: Math.max(...changes.ms),
    longestObeyedMs:
      changes.obeyed.length === 0
        ? undefined
        : Math.max(...changes.obeyed.map(({ savedMs }) => savedMs)),
    calls,
    perSecond,
    failed: failures.length,
    medianMs: at(0.5),
    p99Ms: at(0.99),
    slowestMs: at(1),
    events,
    longestWaitMs,
  };
}

/** Prints them, a line each. */
export function printFigures(rows: readonly Figures[]): void {
  const table = rows.map((row) => [
    row.name,
    row.changes,
    row.longestChangeMs,
    row.longestObeyedMs ?? "-",
    row.calls,
    row.perSecond,
    row.failed,
    row.medianMs,
    row.p99Ms,
    row.slowestMs,
    row.events,
    row.longestWaitMs,
  ]);
  const lines = [heads, ...table].map((cells) =>
    cells.map((cell, column) => written(cell, column === 0 ? 75 : 9)).join(" "),
  );
  console.log(`\n      ${lines.join("\n      ")}\n`);
}

const heads = [
  "while (times in ms)",
  "changes",
  "slowest",
  "obeyed",
  "calls",
  "a second",
  "failed",
  "median",
  "p99",
  "slowest",
  "events",
  "wait",
];

function written(cell: string | number, width: number): string {
  if (typeof cell === "string") return width > 9 ? cell.padEnd(width) : cell.padStart(width);
  return (cell < 10 ? cell.toFixed(cell % 1 === 0 ? 0 : 1) : cell.toFixed(0)).padStart(width);
}
