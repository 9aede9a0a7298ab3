// Ends a command: says what is wrong and sets the exit code.

import { type CommandEnd, ended, exitCodes } from "./exit-codes.ts";

/** Says the problems on standard error and sets the process's exit code. */
export function finish({ reason, problems }: CommandEnd): void {
  for (const problem of problems) {
    // A problem of several lines shows a file, and begins with its place.
    process.stderr.write(problem.includes("\n") ? `${problem}\n\n` : `smartcall: ${problem}\n`);
  }
  process.exitCode = exitCodes[reason].code;
}

/** Ends a command whose settings are wrong. */
export function finishWrongSettings(problems: readonly string[]): void {
  finish(ended("usage", ...problems));
}
