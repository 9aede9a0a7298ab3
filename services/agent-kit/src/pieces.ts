// What an agent's `stream` yields.

export const finishReasons = ["stop", "length", "tool_calls", "budget"] as const;
/** Why an answer ended. */
export type FinishReason = (typeof finishReasons)[number];

/** Tokens, as the model's own tokenizer counts them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** One piece of an answer. */
export type Piece =
  | { readonly kind: "delta"; readonly text: string }
  | { readonly kind: "usage"; readonly usage: Usage }
  | { readonly kind: "finish"; readonly reason: FinishReason };

/** More text, appended to what came before. */
export function delta(text: string): Piece {
  return { kind: "delta", text };
}

/**
 * What the call cost; the last one given counts. Without any it cost nothing.
 * Throws a RangeError where a count is no whole number from 0 to 2³¹ − 1, the
 * most the contract's int32 holds.
 */
export function usage(counts: Usage): Piece {
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 0 || count > 0x7fffffff) {
      throw new RangeError(`${name} is ${count}, and must be a whole number from 0 to 2147483647`);
    }
  }
  return { kind: "usage", usage: counts };
}

/** Why the answer ends; `stop` where none is given. */
export function finish(reason: FinishReason): Piece {
  return { kind: "finish", reason };
}
