// The log of a process: JSON lines on its standard output.

import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from "pino";
import type { LogLevel } from "./setting-values.ts";

/** A process's log. Add what is known about a call with `log.child({ requestId, traceId })`. */
export type Log = Logger;

/** The most that waits in memory while standard output takes nothing, in bytes; more is dropped. */
const longestWait = 1024 * 1024;

/**
 * The log of the named process, such as `control-plane`. Each line has `level`,
 * `time` (ISO 8601), `process` and `msg`. Logging never throws: while the disk
 * is full or the reader is gone, lines wait and then are dropped.
 *
 * @param to Where lines go; standard output unless given.
 */
export function createLog(process: string, level: LogLevel = "info", to?: DestinationStream): Log {
  return pino(
    {
      level,
      base: { process },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to ?? standardOutput(),
  );
}

function standardOutput(): DestinationStream {
  const stream = destination({ fd: 1, sync: true, maxLength: longestWait });
  stream.on("error", () => undefined);
  return stream;
}
