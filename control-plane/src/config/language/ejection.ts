// `ejection`: when an instance that fails is left alone for a while.

import type { EjectionConfig } from "../agent-config.ts";
import { either, mapped } from "../schema/collections.ts";
import { object, optional } from "../schema/object.ts";
import { duration, durationText, text, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";

/** What counts where `mesh.yaml` does not say. Half of the instances can go, and one of three more. */
export const standardEjection: EjectionConfig = { failures: 5, for: 10_000, most: 60 };

const advice = "Write `never`, or `{ failures: 5, for: 10s, most: 60 }`.";

const never = text("`never`", advice, { fits: (value) => value === "never" });

const rule: Type<EjectionConfig> = mapped(
  object<EjectionConfig>(
    "`ejection`",
    {
      failures: optional(
        wholeNumber(1, 1_000),
        {
          about: "After so many failed calls, one after the other, an instance gets none.",
          example: "5",
          standard: String(standardEjection.failures),
        },
        () => standardEjection.failures,
      ),
      for: optional(
        duration,
        {
          about: "For so long the first time, and longer each time that it happens again.",
          example: durationText(standardEjection.for),
          standard: durationText(standardEjection.for),
        },
        () => standardEjection.for,
      ),
      most: optional(
        wholeNumber(1, 100),
        {
          about: "At most this many percent of the agent's instances at once.",
          example: "60",
          standard: String(standardEjection.most),
        },
        () => standardEjection.most,
      ),
    },
    { advice },
  ),
  ({ failures, for: forMs, most }) => ({ failures, for: forMs, most }),
);

/** `ejection`. */
export const ejection: Type<EjectionConfig | "never"> = either<EjectionConfig | "never">(
  "`never`, or a mapping",
  advice,
  {
    scalar: {
      shape: { kind: "word", word: "never" },
      read: (tree, what, report) =>
        never.read(tree, what, report) === undefined ? undefined : "never",
    },
    mapping: rule,
  },
);
