// `limits`: how many calls a caller may make.

import type { Counted, LimitConfig } from "../policy-config.ts";
import { listOf, located, mapped } from "../schema/collections.ts";
import { object, optional, required } from "../schema/object.ts";
import { wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { oneOf } from "../schema/words.ts";
import { callerKey } from "./caller-key.ts";

/** So many limits per second or minute a route may have: each is a filter of every gateway. */
export const mostGatewayLimits = 4;

const counted: Type<Counted> = callerKey(["subject", "address", "route"]);

const limit: Type<LimitConfig> = object<Omit<LimitConfig, "at" | "flawed">>(
  "a limit",
  {
    requests: optional(
      located(wholeNumber(1, 1_000_000_000)),
      { about: "How many calls may begin in each window of time.", example: "60" },
      () => undefined,
    ),
    per: optional(
      located(oneOf(["second", "minute", "hour", "day"])),
      {
        about:
          "The window of `requests`. Seconds and minutes are counted by each gateway for itself, hours and days for all of them together.",
        example: "minute",
      },
      () => undefined,
    ),
    concurrent: optional(
      located(wholeNumber(1, 1_000_000)),
      {
        about:
          "Instead of `requests`: how many calls may run at once. All gateways count together.",
        example: "4",
      },
      () => undefined,
    ),
    by: required(
      located(counted),
      {
        about:
          "Whose calls are counted together: those of one `subject`, of one value of a claim, of one IP `address`, or all of the `route`. A caller whose token lacks the claim shares one count with all others without it.",
        example: "subject",
      },
      (at) => ({ value: { kind: "route" }, at }),
    ),
  },
  {
    advice: "Write `{ requests: 60, per: minute, by: subject }`.",
    elsewhere: {
      tokens: "Tokens are bounded by `budgets`, and `budget` in the route.",
      money: "Money is bounded by `budgets`, and `budget` in the route.",
    },
  },
);

/** `limits`. */
export const limits: Type<readonly LimitConfig[]> = mapped(
  listOf(limit, {
    item: "a limit",
    advice: "Write a list, such as `[{ requests: 60, per: minute, by: subject }]`.",
    ifEmpty: "Write a limit, such as `{ requests: 60, per: minute, by: subject }`, or remove it.",
  }),
  (found) => found.map(({ value }) => value),
);
