// What is written to a terminal or a file: a reader that goes is no failure, a full disk is.

import { exitCodes } from "./exit-codes.ts";

/** Has the process fail, at its end, where its output could not be written whole. */
export function watchOutput(): void {
  let lost: string | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Such as `head`, which reads no more than it needs.
    if (error.code !== "EPIPE") lost ??= error.message;
  });
  process.stderr.on("error", () => undefined);
  process.on("exit", () => {
    if (lost === undefined) return;
    process.stderr.write(`smartcall: What was printed could not all be written: ${lost}.\n`);
    process.exitCode = exitCodes.failed.code;
  });
}
