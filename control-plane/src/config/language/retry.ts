// `retry`: which failed calls are tried again.

import type { RetryConfig, RetryReason } from "../mesh-config.ts";
import { listOf, mapped } from "../schema/collections.ts";
import { object, optional, required } from "../schema/object.ts";
import { parsed, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";

const reasons: readonly RetryReason[] = ["reset", "unavailable"];

const advice = "Write a list of `unavailable` and `reset`.";

const reason: Type<RetryReason> = {
  ...parsed("`unavailable` or `reset`", advice, (text) => reasons.find((each) => each === text)),
  shape: { kind: "either", options: reasons.map((word) => ({ kind: "word", word })) },
};

/** `retry`. */
export const retry: Type<RetryConfig> = object<Omit<RetryConfig, "at" | "flawed">>("`retry`", {
  attempts: required(
    wholeNumber(1, 10),
    { about: "How often a failed call is tried again, at most.", example: "2" },
    () => 1,
  ),
  on: optional(
    mapped(listOf(reason, { item: "a reason", advice, ifEmpty: advice }), (found) =>
      reasons.filter((each) => found.some(({ value }) => value === each)),
    ),
    {
      about:
        "Why: `unavailable`, the agent answers UNAVAILABLE; `reset`, the connection to it breaks. Only before the first event of the answer.",
      example: "[unavailable, reset]",
      standard: "[unavailable, reset]",
    },
    () => reasons,
  ),
});
