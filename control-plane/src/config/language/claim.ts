// Claims of a caller's token, and the texts that they may be.

import { type KeyRule, type Located, listOf, mapped } from "../schema/collections.ts";
import { text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";

/** The name of a claim. */
export const claimName: KeyRule = { words: "a claim's name", check: (key) => key !== "" };

/** One text, or a list of which one is enough; sorted, each once. */
export function claimTexts(advice: string): {
  readonly scalar: Type<readonly string[]>;
  readonly sequence: Type<readonly string[]>;
} {
  const value = text("a text", advice);
  return {
    scalar: mapped(value, (one) => [one]),
    sequence: mapped(
      listOf(value, {
        item: "a claim's value",
        advice,
        ifEmpty: "Name the values that the claim may have.",
      }),
      distinct,
    ),
  };
}

/** Sorted, each once. */
export function distinct(values: readonly Located<string>[]): readonly string[] {
  return [...new Set(values.map(({ value }) => value))].sort();
}
