// How many tests and checks passed and failed, and which failed.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../checks/repository.ts";
import { listAt, numberAt } from "../harness/json.ts";

/** What came of some tests or checks. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** A line for each failure that has a name: which test it was, and why. */
  readonly failures?: readonly string[];
}

const folder = join(root, "build", "counts");

/** So many fit on a screen. */
const mostTold = 20;
const longestLine = 400;
const gap = " … ";

/** Writes down what came of one of them, for the process that adds up. */
export function record(name: string, counts: Counts): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(counts));
}

/** Forgets what was written down. */
export function forget(name: string): void {
  rmSync(join(folder, `${name}.json`), { force: true });
}

/** What was written down; one failure where nothing was, since then it did not get that far. */
export function recorded(name: string): Counts {
  try {
    const counts: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
    return {
      passed: numberAt(counts, "passed"),
      failed: numberAt(counts, "failed"),
      failures: listAt(counts, "failures").map(String),
    };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** All of them together. */
export function sum(all: readonly Counts[]): Counts {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failed: all.reduce((total, { failed }) => total + failed, 0),
    failures: all.flatMap(({ failures = [] }) => failures),
  };
}

/**
 * The line of one failure: its name, and why. Where that is long, both ends of it: what a test
 * was told comes first, and what it expected last.
 */
export function failureLine(name: string, why: string): string {
  const [first = "", ...more] = why.trim().split("\n");
  const line = `${name}: ${first}${more.length > 0 ? " …" : ""}`;
  if (line.length <= longestLine) return line;
  const kept = longestLine - gap.length;
  const begin = Math.ceil(kept / 2);
  return `${line.slice(0, begin)}${gap}${line.slice(begin - kept)}`;
}

/** The named failures, each on a line; where there are many, the first of them. */
export function failureLines({ failures = [] }: Counts): string {
  const told = failures.slice(0, mostTold).map((line) => `✗ ${line}\n`);
  const more = failures.length - told.length;
  return `${told.join("")}${more > 0 ? `… and ${more} more\n` : ""}`;
}

/** The closing line. */
export function closingLine({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}
