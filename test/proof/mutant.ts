// A copy of the built control plane in which one file is changed, and what its tests say to that.

import { execFile } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../checks/repository.ts";
import type { Mutation } from "./mutation.ts";

/** As deep as what it is a copy of, so that all paths upward lead where they did. */
const copy = join(root, "build/proof");
const built = join(root, "control-plane/dist");
const mocha = join(root, "node_modules/mocha/bin/mocha.js");

/** Makes the copy; take it away with `removeCopy`. */
export function makeCopy(): void {
  removeCopy();
  cpSync(built, copy, { recursive: true });
}

export function removeCopy(): void {
  rmSync(copy, { recursive: true, force: true });
}

/** Whether the tests of a behaviour pass as long as nothing is changed, and fail once it is. */
export async function isNoticed(mutation: Mutation, behaviour: string): Promise<boolean> {
  const file = join(copy, `${mutation.file}.js`);
  const before = readFileSync(file, "utf8");
  const after = changed(before, mutation);
  const tests = join(copy, `${mutation.tests}.test.js`);
  if (!(await passes(tests, behaviour))) throw new Error(`${behaviour} fails as it is`);
  try {
    writeFileSync(file, after);
    return !(await passes(tests, behaviour));
  } finally {
    writeFileSync(file, before);
  }
}

/** What is built, with its behaviour off. Throws where a change does not fit what is built. */
export function builtWithout(mutation: Mutation): string {
  return changed(readFileSync(join(built, `${mutation.file}.js`), "utf8"), mutation);
}

function changed(text: string, mutation: Mutation): string {
  return mutation.change.reduce(replaceOnce, text);
}

function replaceOnce(text: string, [from, to]: readonly [from: string, to: string]): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${parts.length - 1} times in the file: ${from}`);
  return parts.join(to);
}

function passes(tests: string, behaviour: string): Promise<boolean> {
  const only = ["--grep", `\\b${behaviour}\\b`, "--fail-zero"];
  const args = [mocha, "--exit", "--timeout", "60000", ...only, tests];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, timeout: 120_000 }, (error) =>
      resolve(error === null),
    );
  });
}
