// What happens on xDS streams, as lines of the log.

import type { XdsEvent } from "./event.ts";

/** The part of a log that we use. */
export interface XdsLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Logs an event: refusals loudly, the daily round of sending and ACKs only for debugging. */
export function logEvent(log: XdsLog, { at: _, kind, ...fields }: XdsEvent): void {
  if (kind === "nacked") log.warn(fields, "xDS: a node refused what it was sent");
  else if (kind === "refused stream") log.warn(fields, "xDS: a stream was refused");
  else if (kind === "published") log.info(fields, "xDS: a snapshot is being pushed");
  else if (kind === "identified") log.info(fields, "xDS: a node is connected");
  else if (kind === "closed") log.info(fields, "xDS: a stream ended");
  else if (kind === "recovered")
    log.info(fields, "xDS: a node refuses nothing of this type any more");
  else log.debug(fields, `xDS: ${kind}`);
}
