// What a gateway says of a call at its end.

import type { Usage } from "../ledger/level.ts";

/** The most tokens of one kind that are believed. */
const mostTokens = 1e10;

/**
 * Reads `input=12;output=8`, perhaps with `;agent=NAME`; `unsent`; and `none` and
 * all else as unknown: then the call is charged as reserved.
 */
export function readUsage(text: string): Usage {
  if (text === "unsent") return { kind: "unsent" };
  const [, input, output, agent] =
    /^input=(\d{1,16});output=(\d{1,16})(?:;agent=(.+))?$/.exec(text) ?? [];
  if (input === undefined || output === undefined) return { kind: "unknown" };
  return {
    kind: "tokens",
    input: Math.min(mostTokens, Number(input)),
    output: Math.min(mostTokens, Number(output)),
    ...(agent !== undefined && { agent }),
  };
}
