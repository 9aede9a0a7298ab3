// What ends a process that serves others: a bug, and not a caller who leaves at once.

import type { Log } from "./log.ts";

/**
 * Ends the process, with a line in its log, where something that was thrown is caught by nobody,
 * whatever was: `undefined` too.
 *
 * One is no bug: grpc-js answers a call of a method that is not there also where the caller
 * has reset it meanwhile, and throws as it finds the stream gone. So any caller could end
 * the process; nothing is left behind of such a call.
 */
export function endByBug(log: Log): void {
  process.on("uncaughtException", (error: unknown) => {
    if (isGoneStream(error)) {
      log.debug({ err: error }, "a caller left before its call could be refused");
      return;
    }
    log.fatal({ err: error }, "a bug: the process ends");
    process.exit(1);
  });
}

function isGoneStream(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_HTTP2_INVALID_STREAM";
}
