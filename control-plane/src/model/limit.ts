// How many calls a caller may make.

import type { Counted, LimitWindow } from "../config/policy-config.ts";
import type { Origin } from "../source/origin.ts";

export type { Counted, LimitWindow } from "../config/policy-config.ts";

/** One limit of a route. */
export type Limit =
  | {
      readonly kind: "requests";
      /** Says all that it is: `<route>:<requests>/<per>/<by>`, such as `writing:60/minute/subject`. */
      readonly name: string;
      readonly requests: number;
      readonly per: LimitWindow;
      readonly by: Counted;
      readonly origin: Origin;
    }
  | {
      readonly kind: "concurrent";
      /** Such as `writing:4/at-once/subject`. */
      readonly name: string;
      /** Calls that may run at once. */
      readonly calls: number;
      readonly by: Counted;
      readonly origin: Origin;
    };

/** As it is written: `subject`, `claim:NAME`, `address` or `route`. */
export function countedText(by: Counted): string {
  return by.kind === "claim" ? `claim:${by.claim}` : by.kind;
}
