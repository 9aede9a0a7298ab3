// `retry`: which failed or slow calls are tried again.

import type { RetryConfig, RetryReason } from "../mesh-config.ts";
import { listOf, located, mapped } from "../schema/collections.ts";
import { object, optional, required } from "../schema/object.ts";
import { duration, flag, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { oneOf } from "../schema/words.ts";

/** Sorted. */
const reasons: readonly RetryReason[] = ["reset", "slow", "unavailable"];

const advice = "Write a list of `unavailable`, `reset` and `slow`.";

const on = located(
  mapped(listOf(oneOf(reasons), { item: "a reason", advice, ifEmpty: advice }), (found) =>
    reasons.filter((each) => found.some(({ value }) => value === each)),
  ),
);

/** `retry`. */
export const retry: Type<RetryConfig> = object<Omit<RetryConfig, "at" | "flawed">>("`retry`", {
  attempts: required(
    wholeNumber(1, 10),
    { about: "How often a call is tried again, at most.", example: "2" },
    () => 1,
  ),
  on: optional(
    on,
    {
      about:
        "Why: `unavailable`, the agent answers UNAVAILABLE; `reset`, the connection to it breaks; `slow`, a try takes longer than `perTry` or `firstEvent` allows. Only before the first event of the answer. A route with `fallback` is tried again for `unavailable` and `reset`, whatever this lists.",
      example: "[unavailable, reset]",
      standard: "the first two, and `slow` where `perTry` or `firstEvent` is set",
    },
    () => undefined,
  ),
  perTry: optional(
    located(duration),
    {
      about: "The longest that one try of a call with one answer (`Invoke`) may take.",
      example: "2s",
      standard: "the route's `timeout`",
    },
    () => undefined,
  ),
  firstEvent: optional(
    located(duration),
    {
      about: "The longest that a stream may take until its first event.",
      example: "3s",
      standard: "the route's `timeout`",
    },
    () => undefined,
  ),
  hedge: optional(
    located(flag),
    {
      about:
        "`true` lets a try that is slower than `perTry` go on beside the next one; the first answer counts. Only for calls with one answer, whose agent then may do its work twice.",
      example: "true",
      standard: "false",
    },
    () => undefined,
  ),
});
