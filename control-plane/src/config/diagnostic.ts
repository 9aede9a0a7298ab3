// One thing that is wrong with an operator's file, as a value.

import type { Origin } from "../source/origin.ts";

/** One thing that is wrong, where, and what to do about it. */
export interface Diagnostic {
  /** A row of the table of codes, such as `SC104`. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly at: Origin;
  readonly message: string;
  /** What to do. */
  readonly hint?: string | undefined;
}
