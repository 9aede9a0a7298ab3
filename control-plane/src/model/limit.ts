// How many calls a caller may make.

import type { Origin } from "../source/origin.ts";

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

/** Seconds and minutes are counted by each gateway itself, longer ones by the quota service. */
export type LimitWindow = "second" | "minute" | "hour" | "day";

/** What is counted by itself: each caller, each value of a claim, each address, or all calls together. */
export type Counted =
  | { readonly kind: "subject" }
  | { readonly kind: "claim"; readonly claim: string }
  | { readonly kind: "address" }
  | { readonly kind: "route" };

/** As it is written: `subject`, `claim:NAME`, `address` or `route`. */
export function countedText(by: Counted): string {
  return by.kind === "claim" ? `claim:${by.claim}` : by.kind;
}
