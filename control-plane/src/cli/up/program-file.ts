// Which file Node runs for a program of ours: its bundle where that is current, else its main module.

import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** A program in one file, which Node loads in half the time, and what tells whether it is current. */
export interface Bundle {
  /** It was last changed when its making began. */
  readonly file: string;
  /** A JSON list of what it was made from, relative to its folder. */
  readonly madeFrom: string;
}

/** Where the bundle of a main module is, if there is one. `make build` makes it; packages have none. */
export function bundleOf(main: string): Bundle {
  const folder = join(dirname(main), "bundle");
  return { file: join(folder, "main.js"), madeFrom: join(folder, "made-from.json") };
}

/** Whether there is a bundle, and nothing that it was made from changed since its making began. */
export function isCurrent({ file, madeFrom }: Bundle): boolean {
  const begun = changedAt(file);
  if (begun === undefined) return false;
  return readList(madeFrom).every((path) => {
    const changed = changedAt(join(dirname(file), path));
    return changed !== undefined && changed < begun;
  });
}

/**
 * What Node is to run for a main module. Where it measures which lines are run, that is the module
 * itself: a bundle would tell of no other.
 */
export function programFile(main: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env["NODE_V8_COVERAGE"]) return main;
  const bundle = bundleOf(main);
  return isCurrent(bundle) ? bundle.file : main;
}

function changedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

/** A list that is missing or not one names what is nowhere. */
function readList(file: string): readonly string[] {
  const nowhere = ["?"];
  try {
    const list: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(list) && list.length > 0 ? list.map(String) : nowhere;
  } catch {
    return nowhere;
  }
}
