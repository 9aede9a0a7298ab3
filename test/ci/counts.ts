// How many tests and checks passed and failed.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../checks/repository.ts";
import { numberAt } from "../harness/json.ts";

/** What came of some tests or checks. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const folder = join(root, "build", "counts");

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
    return { passed: numberAt(counts, "passed"), failed: numberAt(counts, "failed") };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** All of them together. */
export function sum(all: readonly Counts[]): Counts {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failed: all.reduce((total, { failed }) => total + failed, 0),
  };
}

/** The closing line. */
export function closingLine({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}
