// What the table of refusals says of each reason.

import type { Again, CanonicalCode, Fault } from "./codes.ts";

/** What is known of a reason, whichever call it refuses. */
export interface ReasonRow {
  /** The HTTP status of REST's answer. */
  readonly http: number;
  /** The canonical code of both doors. */
  readonly status: CanonicalCode;
  readonly fault: Fault;
  readonly retry: Again;
  /** After how many seconds, where that is always the same; else, if it is known, the answer says it. */
  readonly retrySeconds?: number;
  /** What happened. */
  readonly why: string;
  /** What its caller can do. */
  readonly remedy: string;
}
